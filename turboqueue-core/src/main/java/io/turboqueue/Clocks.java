package io.turboqueue;

import io.turboqueue.time.CachedClock;
import io.turboqueue.time.NanoClock;
import io.turboqueue.time.NonDecreasingClock;
import java.time.InstantSource;

/**
 * The clocks used by a spool.
 *
 * @param wall what people call now; may be set back and forward
 * @param steady the same, never going back; for names
 * @param stamps the same for the times of messages: very many readings, which may be a few milliseconds late
 * @param nanos for durations
 */
record Clocks(InstantSource wall, NonDecreasingClock steady, InstantSource stamps, NanoClock nanos) {

    /** Of the machine. */
    static final InstantSource SYSTEM = InstantSource.system();

    /** Only the machine's clock is read for several messages at once; whoever brings a clock of his own is asked each time. */
    static Clocks of(InstantSource wall, NanoClock nanos) {
        InstantSource stamps = wall.equals(SYSTEM) ? new CachedClock(wall) : wall;
        return new Clocks(wall, new NonDecreasingClock(wall), stamps, nanos);
    }
}
