package io.turboqueue;

import io.turboqueue.time.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock and a nano clock that stand still until a test moves them. Thread-safe. */
final class MovableTime implements InstantSource, NanoClock {

    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong wallOffset = new AtomicLong();

    /** Time passes. */
    void advance(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    /** Somebody sets the wall clock, forward or back. */
    void setWallClock(Duration by) {
        wallOffset.addAndGet(by.toNanos());
    }

    @Override
    public Instant instant() {
        return START.plusNanos(passed.get()).plusNanos(wallOffset.get());
    }

    @Override
    public long nanoTime() {
        return passed.get();
    }
}
