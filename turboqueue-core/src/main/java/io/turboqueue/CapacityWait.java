package io.turboqueue;

import io.turboqueue.config.UnitText;
import io.turboqueue.layout.QueueName;
import io.turboqueue.protocol.QueueCapacity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a producer has been waiting for room in its queue, and the warnings about it: the first after 10 s, another each
 * minute. One thread at a time reports; {@link #length} is for any.
 */
final class CapacityWait {

    private static final Logger LOG = LoggerFactory.getLogger(CapacityWait.class);
    private static final long FIRST_WARNING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NEXT_WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final QueueName queue;
    private final QueueConfig config;
    private final QueueCapacity room;
    private final Clocks clocks;
    private volatile boolean waiting;
    private volatile long start;
    private long nextWarning;

    CapacityWait(QueueName queue, QueueConfig config, QueueCapacity room, Clocks clocks) {
        this.queue = queue;
        this.config = config;
        this.room = room;
        this.clocks = clocks;
    }

    /** There is no room now. */
    void goesOn() {
        if (!waiting) {
            start = clocks.nanos().nanoTime();
            nextWarning = FIRST_WARNING_NANOS;
            waiting = true;
        }
        long waited = clocks.nanos().nanoTime() - start;
        if (waited >= nextWarning) {
            nextWarning = waited + NEXT_WARNING_NANOS;
            warn(waited);
        }
    }

    /** There is room now. */
    void ends() {
        if (waiting) {
            waiting = false;
        }
    }

    /** For how long so far; empty if there was room at the last look. */
    Optional<Duration> length() {
        return waiting ? Optional.of(Duration.ofNanos(clocks.nanos().nanoTime() - start)) : Optional.empty();
    }

    private void warn(long waited) {
        QueueCapacity.Fill fill = room.fill();
        LOG.warn(
                "queue {} is full: the producer in thread \"{}\" {} {}, with {} ready batches of"
                        + " {} and {} ready bytes of {}; nobody has claimed any since {}",
                queue,
                Thread.currentThread().getName(),
                config.whenFull() == OverflowPolicy.FAIL ? "has found no room for" : "has been waiting for room for",
                UnitText.formatTime(Duration.ofNanos(waited).truncatedTo(ChronoUnit.SECONDS)),
                fill.batches(),
                config.maxReadyBatches(),
                fill.bytes(),
                config.maxReadyBytes().isPresent() ? config.maxReadyBytes().getAsLong() : "any number",
                lastClaim(fill));
    }

    private Instant lastClaim(QueueCapacity.Fill fill) {
        return clocks.wall().instant().minusNanos(fill.nanosSinceClaim()).truncatedTo(ChronoUnit.SECONDS);
    }
}
