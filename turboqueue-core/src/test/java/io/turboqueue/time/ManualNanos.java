package io.turboqueue.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when a test says so. Thread-safe. */
public final class ManualNanos implements NanoClock {

    private final AtomicLong now;

    /** Starts somewhere. */
    public ManualNanos() {
        this(1_000_000_000_000L);
    }

    /** Starts at this time. */
    public ManualNanos(long start) {
        this.now = new AtomicLong(start);
    }

    @Override
    public long nanoTime() {
        return now.get();
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
