package io.turboqueue.examples.kafka;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueFullException;
import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A worker process: claims a batch of events, does the work on each, publishes the results, acks.
 *
 * <p><b>Promise: a result at least once for every event that can be worked on.</b> The batch is acked only after the
 * results are published, with {@code queue.durability: power} after they are on the disk. Killed in between, the batch
 * comes back and its results are published again, with the same offsets in their headers.
 *
 * <p>An event whose work fails does not fail its batch: it is tried again after a while, {@code queue.maxAttempts} times,
 * and then becomes a dead letter of the in-queue with the error in its headers.
 */
final class PipelineWorker {

    private static final Duration POLL = Duration.ofMillis(200);

    private final PipelineProcess process;
    private final EventWork work;
    private final QueueProducer<byte[]> out;

    private PipelineWorker(PipelineProcess process, EventWork work, QueueProducer<byte[]> out) {
        this.process = process;
        this.work = work;
        this.out = out;
    }

    /** Runs one: {@code SETTINGS-FILE NUMBER}. */
    public static void main(String[] args) throws IOException, InterruptedException, PipelineException {
        PipelineProcess.run(args, PipelineWorker::run);
    }

    private static void run(PipelineProcess process) throws IOException, InterruptedException, PipelineException {
        EventWork work = work(process.settings());
        try (Spool spool = Spool.open(process.settings().spool());
                QueueConsumer<byte[]> in = process.inQueue(spool).consumer();
                QueueProducer<byte[]> out = process.outQueue(spool).producer()) {
            new PipelineWorker(process, work, out).run(in);
        }
    }

    /** What the settings name, at the cost they say. */
    static EventWork work(PipelineSettings settings) throws PipelineException {
        String name = settings.text(PipelineSetting.WORK_CLASS);
        try {
            EventWork work = Class.forName(name)
                    .asSubclass(EventWork.class)
                    .getConstructor()
                    .newInstance();
            return new CpuCost(work, settings.workCpu());
        } catch (ReflectiveOperationException | ClassCastException unfit) {
            throw new PipelineException(
                    "setting work.class = \"" + name + "\" must be a public class on the class path that implements "
                            + EventWork.class.getName() + ", with a constructor without arguments: " + unfit,
                    unfit);
        }
    }

    private void run(QueueConsumer<byte[]> in) throws IOException, InterruptedException {
        while (!process.stop().given()) {
            Optional<ClaimedBatch<byte[]>> claimed = in.poll(POLL);
            if (claimed.isPresent()) {
                try (ClaimedBatch<byte[]> batch = claimed.get()) {
                    work(batch);
                }
            } else {
                process.progress().tellNowAndThen();
            }
        }
    }

    private void work(ClaimedBatch<byte[]> batch) throws IOException, InterruptedException {
        process.progress().received(batch.size());
        int results = 0;
        for (Message<byte[]> message : batch) {
            Map<String, String> headers = message.headers();
            Optional<byte[]> result = result(batch, message, EventHeaders.isTombstone(headers));
            if (result.isPresent()) {
                if (!send(result.get(), EventHeaders.passOn(message, headers))) {
                    batch.release();
                    return;
                }
                results++;
            }
        }
        if (flush()) {
            batch.ack();
            process.progress().sent(results);
        } else {
            batch.release();
        }
    }

    /** Empty if the work failed. */
    @SuppressWarnings("CatchingUnchecked") // whatever the work throws is this event's failure
    private Optional<byte[]> result(ClaimedBatch<byte[]> batch, Message<byte[]> message, boolean tombstone) {
        try {
            return Optional.of(tombstone ? message.payload() : work.apply(message.payload()));
        } catch (Exception failed) {
            batch.fail(message, failed);
            process.progress().failed(1);
            return Optional.empty();
        }
    }

    /** Waits while the out-queue is full; false if it is time to end. What was sent is published all the same. */
    private boolean send(byte[] result, SendOptions options) throws IOException, InterruptedException {
        while (true) {
            try {
                out.send(result, options);
                process.progress().state("running");
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
                process.progress().state("running");
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
