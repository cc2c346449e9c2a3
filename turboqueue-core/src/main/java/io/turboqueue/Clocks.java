package io.turboqueue;

import io.turboqueue.directory.SteadyClock;
import io.turboqueue.waiting.NanoClock;
import java.time.InstantSource;

/**
 * The times a spool goes by.
 *
 * @param wall what people call now; may be set back and forward
 * @param steady the same, never going back; for names
 * @param nanos for durations
 */
record Clocks(InstantSource wall, SteadyClock steady, NanoClock nanos) {

    static Clocks of(InstantSource wall, NanoClock nanos) {
        return new Clocks(wall, new SteadyClock(wall), nanos);
    }
}
