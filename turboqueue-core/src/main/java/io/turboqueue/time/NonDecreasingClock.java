package io.turboqueue.time;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Wall-clock milliseconds that never go backwards within a process, so that its batches keep their order. Thread-safe. */
public final class NonDecreasingClock {

    private final InstantSource source;
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

    /** On top of a clock that may be set back. */
    public NonDecreasingClock(InstantSource source) {
        this.source = source;
    }

    /** Now, or the latest time given so far if the clock was set back since. */
    public long millis() {
        return latest.accumulateAndGet(source.millis(), Math::max);
    }
}
