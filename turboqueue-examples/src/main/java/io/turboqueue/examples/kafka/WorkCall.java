package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import io.turboqueue.examples.kafka.RejectedEvents.RejectedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Calls the work. Whatever it throws is the failure of an event, but for an error of the JVM itself. For one thread. */
final class WorkCall {

    private final EventWork work;
    private final CpuCost cost;
    private final WorkWatch watch;
    private final Consumer<String> log;
    private final Map<Long, List<Event>> ahead = new HashMap<>();

    WorkCall(EventWork work, CpuCost cost, WorkWatch watch, Consumer<String> log) {
        this.work = work;
        this.cost = cost;
        this.watch = watch;
        this.log = log;
    }

    /** An event cannot be worked on. The cause says why. */
    static final class EventFailedException extends Exception {

        private static final long serialVersionUID = 1;

        EventFailedException(Throwable cause) {
            super(cause);
        }

        @Override
        public synchronized Throwable getCause() {
            return Objects.requireNonNull(super.getCause());
        }
    }

    /** Lets work that takes many events at a time do all of these, if it can; the rest is done by {@link #results}. */
    void workAhead(Iterable<Message<byte[]>> messages) {
        ahead.clear();
        if (work instanceof BatchEventProcessor batchWork) {
            List<Message<byte[]>> events = new ArrayList<>();
            for (Message<byte[]> message : messages) {
                if (!RejectedEvents.isStandIn(message.headers())) {
                    events.add(message);
                }
            }
            workAhead(batchWork, events);
        }
    }

    @SuppressWarnings("CatchingUnchecked")
    private void workAhead(BatchEventProcessor batchWork, List<Message<byte[]>> messages) {
        try {
            messages.forEach(message -> cost.burn());
            List<Event> events = messages.stream().map(EventHeaders::event).toList();
            watch.begin();
            List<List<Event>> results = batchWork.processBatch(events);
            if (results.size() != messages.size()) {
                throw new IllegalStateException(
                        "processBatch returned results for " + results.size() + " events, not for " + messages.size());
            }
            for (int i = 0; i < results.size(); i++) {
                ahead.put(messages.get(i).id(), results.get(i));
            }
        } catch (Exception | LinkageError | AssertionError | StackOverflowError failed) {
            log.accept("a batch of " + messages.size() + " events failed, now one by one: " + failed);
        } finally {
            watch.end();
        }
    }

    /**
     * The results of an event.
     *
     * @throws RejectedException if the message stands in for an event that no message can hold
     */
    @SuppressWarnings("CatchingUnchecked")
    Results results(Message<byte[]> message) throws EventFailedException, RejectedException {
        Map<String, String> headers = message.headers();
        RejectedEvents.throwIfStandIn(headers);
        try {
            List<Event> done = ahead.remove(message.id());
            if (done == null) {
                cost.burn();
                watch.begin();
                done = work.process(EventHeaders.event(message));
            }
            return Results.of(done, headers);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError failed) {
            throw new EventFailedException(failed);
        } finally {
            watch.end();
        }
    }
}
