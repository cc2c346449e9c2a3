package io.turboqueue;

import io.turboqueue.layout.QueueName;
import io.turboqueue.protocol.QueueCapacity;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Decides what happens to a batch when the queue is full. Not thread-safe. */
final class Backpressure {

    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final QueueName queue;
    private final QueueConfig config;
    private final QueueCapacity room;
    private final NanoClock clock;
    private final CapacityWait roomWait;
    private long droppedOldest;

    /** What to do with the next batch. */
    enum Verdict {
        PUBLISH,
        DROP,
        /** Not now. */
        WAIT
    }

    Backpressure(QueueName queue, QueueConfig config, QueueCapacity room, Clocks clocks) {
        this.queue = queue;
        this.config = config;
        this.room = room;
        this.clock = clocks.nanos();
        this.roomWait = new CapacityWait(queue, config, room, clocks);
    }

    /** How long there has been no room; empty if there was at the last look. For any thread. */
    Optional<Duration> waiting() {
        return roomWait.length();
    }

    /** How much may be ready in a queue with these settings. */
    static QueueCapacity.Limit limit(QueueConfig config) {
        return new QueueCapacity.Limit(
                config.maxReadyBatches(), config.maxReadyBytes().orElse(Long.MAX_VALUE));
    }

    /** The verdict for a batch of about this many bytes. */
    Verdict now(long bytes) throws IOException {
        if (room.tryReserve(bytes)) {
            roomWait.ends();
            return Verdict.PUBLISH;
        }
        return switch (config.whenFull()) {
            case BLOCK, FAIL -> {
                roomWait.goesOn();
                yield Verdict.WAIT;
            }
            case DROP_NEWEST -> Verdict.DROP;
            case DROP_OLDEST -> {
                droppedOldest += room.dropOldest();
                yield Verdict.PUBLISH;
            }
        };
    }

    /** Starts waiting for room. */
    Patience patience() {
        return new Patience(clock.nanoTime());
    }

    /** One wait for room, in steps that grow. */
    final class Patience {
        private final long start;
        private long step = FIRST_WAIT_NANOS;

        private Patience(long start) {
            this.start = start;
        }

        /**
         * How long to wait before looking again.
         *
         * @throws QueueFullException if there is no more waiting
         */
        long nextNanos() throws QueueFullException {
            long left = patienceNanos() - (clock.nanoTime() - start);
            if (left <= 0) {
                throw full();
            }
            long wait = Math.min(step, left);
            step = Math.min(2 * step, MAX_WAIT_NANOS);
            return wait;
        }
    }

    private long patienceNanos() {
        if (config.whenFull() == OverflowPolicy.FAIL) {
            return 0;
        }
        return config.blockTimeout().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    }

    QueueFullException full() {
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
