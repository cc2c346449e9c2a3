package io.turboqueue;

import io.turboqueue.time.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock and a stopwatch that only a test moves. */
final class HandClock implements InstantSource, NanoClock {

    private final Instant start;
    private final AtomicLong passed = new AtomicLong();

    HandClock(Instant start) {
        this.start = start;
    }

    void advance(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    @Override
    public Instant instant() {
        return start.plusNanos(passed.get());
    }

    @Override
    public long nanoTime() {
        return passed.get();
    }
}
