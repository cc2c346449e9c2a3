package io.turboqueue.examples.kafka;

import io.turboqueue.ClaimLostException;
import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.MessageTooLargeException;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueFullException;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.examples.kafka.RejectedEvents.RejectedException;
import io.turboqueue.examples.kafka.WorkCall.EventFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A worker process: claims a batch of events, does the work on each, publishes the results, acks.
 *
 * <p><b>Promise: a result at least once for every event that can be worked on.</b> The batch is acked only after the
 * results are published, with {@code queue.durability: power} after they are on the disk. Killed in between, the batch
 * comes back and its results are published again, with the same offsets in their headers.
 *
 * <p>An event whose work fails does not fail its batch: it is tried again after a while, {@code queue.maxAttempts} times,
 * and then becomes a dead letter of the in-queue with the error in its headers; so does one whose result is too large, or
 * that ends the process again and again. A stop takes effect after the event at hand. A disk that is full or fails is
 * waited for.
 */
final class PipelineWorker {

    /** In place of a worker's number. */
    static final String CHECK = "check";

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PipelineProcess process;
    private final WorkCall work;
    private final QueueProducer<byte[]> out;
    private String busy = "running";

    private PipelineWorker(PipelineProcess process, WorkCall work, QueueProducer<byte[]> out) {
        this.process = process;
        this.work = work;
        this.out = out;
    }

    /** Runs one: {@code SETTINGS-FILE NUMBER}. With {@link #CHECK} as the number the work is only opened and closed. */
    public static void main(String[] args) throws IOException, InterruptedException, PipelineException {
        if (args[1].equals(CHECK)) {
            PipelineProcess.check(args, PipelineWorker::openAndClose);
        } else {
            PipelineProcess.run(args, PipelineWorker::run);
        }
    }

    private static void openAndClose(PipelineSettings settings) throws IOException, PipelineException {
        try (WorkClass workClass = WorkClass.find(settings);
                EventWork work = workClass.open()) {
            Objects.requireNonNull(work);
        }
    }

    private static void run(PipelineProcess process) throws IOException, InterruptedException, PipelineException {
        WorkClass workClass = WorkClass.find(process.settings());
        EventWork work = workClass.open();
        try (Spool spool = Spool.builder(process.settings().spool())
                        .closeOnShutdown(false)
                        .open();
                QueueConsumer<byte[]> in = process.inQueue(spool).consumer();
                QueueProducer<byte[]> out = process.outQueue(spool).producer()) {
            CpuCost cost = new CpuCost(process.settings().workCpu());
            WorkWatch watch = WorkWatch.start(process.settings().workTimeout(), process::log);
            new PipelineWorker(process, new WorkCall(work, cost, watch, process::log), out).run(in);
        } finally {
            close(work, process);
            workClass.close();
        }
    }

    @SuppressWarnings("CatchingUnchecked")
    private static void close(EventWork work, PipelineProcess process) {
        try {
            work.close();
        } catch (Exception | LinkageError | AssertionError failed) {
            process.log("the work could not be closed: " + failed);
        }
    }

    private void run(QueueConsumer<byte[]> in) throws InterruptedException {
        while (!process.stop().given()) {
            try {
                step(in);
                process.progress().state("running");
            } catch (IOException diskFails) {
                process.progress().state("waiting");
                process.log("the disk fails, tried again: " + diskFails);
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    private void step(QueueConsumer<byte[]> in) throws IOException, InterruptedException {
        Optional<ClaimedBatch<byte[]>> claimed = in.poll(POLL);
        if (claimed.isEmpty()) {
            process.progress().tellNowAndThen();
            return;
        }
        try (ClaimedBatch<byte[]> batch = claimed.get()) {
            work(batch);
        } catch (ClaimLostException deliveredAgain) {
            process.log("delivered again: " + deliveredAgain.getMessage());
        }
    }

    /** A failing disk is not a failure of the batch: it is given back as it is. */
    private void work(ClaimedBatch<byte[]> batch) throws IOException, InterruptedException {
        process.progress().received(batch.size());
        try {
            if (workOnEach(batch)) {
                batch.ack();
            } else {
                requeue(batch);
            }
        } catch (ClaimLostException lost) {
            throw lost;
        } catch (IOException diskFails) {
            requeue(batch);
            throw diskFails;
        }
    }

    private void requeue(ClaimedBatch<byte[]> batch) throws IOException, InterruptedException {
        while (true) {
            try {
                batch.release();
                return;
            } catch (ClaimLostException lost) {
                throw lost;
            } catch (IOException diskFails) {
                if (process.stop().given()) {
                    throw diskFails;
                }
                process.progress().state("waiting");
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    /** False if it is time to end; what is done until then is recorded. */
    private boolean workOnEach(ClaimedBatch<byte[]> batch) throws IOException, InterruptedException {
        // Where a process died before, each message is recorded as done, so that the next death blames one message.
        boolean oneByOne = batch.failures() > 0;
        busy = oneByOne ? Progress.CAREFUL : "running";
        process.progress().state(busy);
        if (!oneByOne && !process.stop().given()) {
            work.workAhead(batch);
        }
        Iterator<Message<byte[]>> messages = batch.iterator();
        while (messages.hasNext()) {
            boolean sent = !process.stop().given() && workOn(batch, next(messages));
            if (!sent) {
                return false;
            }
            boolean last = !messages.hasNext();
            if ((last || oneByOne || process.stop().given()) && !flush()) {
                return false;
            }
            if (!last && (oneByOne || process.stop().given())) {
                batch.checkpoint();
            }
        }
        return true;
    }

    private static Message<byte[]> next(Iterator<Message<byte[]>> messages) throws IOException {
        try {
            return messages.next();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /** Sends the event's results; false if it is time to end and they are not sent. */
    private boolean workOn(ClaimedBatch<byte[]> batch, Message<byte[]> message)
            throws IOException, InterruptedException {
        try {
            Results results = work.results(message);
            boolean sent = send(results);
            process.progress().sent(sent ? results.count() : 0);
            return sent;
        } catch (EventFailedException failed) {
            batch.fail(message, failed.getCause());
        } catch (MessageTooLargeException | RejectedException failed) {
            batch.fail(message, failed);
        }
        process.progress().failed(1);
        return true;
    }

    /** Waits while the out-queue is full; false if it is time to end. What was sent is published anyway. */
    private boolean send(Results results) throws IOException, InterruptedException {
        while (true) {
            try {
                out.send(results.payload(), results.options());
                process.progress().state(busy);
                return true;
            } catch (QueueFullException full) {
                if (!waitOn()) {
                    return false;
                }
            }
        }
    }

    private boolean flush() throws IOException, InterruptedException {
        while (true) {
            try {
                out.flush();
                process.progress().state(busy);
                return true;
            } catch (QueueFullException full) {
                if (!waitOn()) {
                    return false;
                }
            }
        }
    }

    private boolean waitOn() {
        process.progress().state("paused");
        return !process.stop().given();
    }
}
