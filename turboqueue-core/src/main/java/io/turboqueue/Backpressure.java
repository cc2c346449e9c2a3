package io.turboqueue;

import io.turboqueue.directory.QueueName;
import io.turboqueue.directory.ReadyRoom;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Decides what becomes of a batch when the queue is full. Not thread-safe. */
final class Backpressure {

    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final QueueName queue;
    private final QueueConfig config;
    private final ReadyRoom room;
    private final NanoClock clock;
    private long droppedOldest;

    /** What to do with the next batch. */
    enum Verdict {
        PUBLISH,
        DROP,
        /** Not now. */
        WAIT
    }

    Backpressure(QueueName queue, QueueConfig config, ReadyRoom room, NanoClock clock) {
        this.queue = queue;
        this.config = config;
        this.room = room;
        this.clock = clock;
    }

    /** The verdict as things are. */
    Verdict now() throws IOException {
        if (room.tryTake()) {
            return Verdict.PUBLISH;
        }
        return switch (config.whenFull()) {
            case BLOCK, FAIL -> Verdict.WAIT;
            case DROP_NEWEST -> Verdict.DROP;
            case DROP_OLDEST -> {
                droppedOldest += room.dropOldest();
                yield Verdict.PUBLISH;
            }
        };
    }

    /**
     * The verdict, waited for if the settings say so; never {@link Verdict#WAIT}.
     *
     * @throws QueueFullException if there is no room and no more waiting
     */
    Verdict await() throws IOException, InterruptedException {
        long start = clock.nanoTime();
        long wait = FIRST_WAIT_NANOS;
        while (true) {
            Verdict verdict = now();
            if (verdict != Verdict.WAIT) {
                return verdict;
            }
            long left = patienceNanos() - (clock.nanoTime() - start);
            if (left <= 0) {
                throw full();
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(wait, left));
            wait = Math.min(2 * wait, LONGEST_WAIT_NANOS);
        }
    }

    private long patienceNanos() {
        if (config.whenFull() == WhenFull.FAIL) {
            return 0;
        }
        return config.blockTimeout().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    }

    private QueueFullException full() {
        String bytes = config.maxReadyBytes().isPresent()
                ? " or backpressure.maxReadyBytes = " + config.maxReadyBytes().getAsLong() + " bytes"
                : "";
        return new QueueFullException("queue " + queue + " is full: it has backpressure.maxReadyBatches = "
                + config.maxReadyBatches() + " ready batches" + bytes);
    }

    /** Messages deleted to make room, since the last call. */
    long takeDropped() {
        long dropped = droppedOldest;
        droppedOldest = 0;
        return dropped;
    }
}
