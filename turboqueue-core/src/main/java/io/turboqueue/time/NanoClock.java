package io.turboqueue.time;

/** Time for durations: never set back, unlike the wall clock. Thread-safe. */
public interface NanoClock {

    /** The JVM's own. */
    NanoClock SYSTEM = System::nanoTime;

    /** Nanoseconds since some arbitrary point; compare by difference only. */
    long nanoTime();
}
