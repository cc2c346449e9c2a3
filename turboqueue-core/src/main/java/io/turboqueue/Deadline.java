package io.turboqueue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Until when to wait. By the JVM's own clock, whatever clock a spool uses: threads wait by it.
 *
 * @param nanoTime the time, as {@link System#nanoTime} tells it
 */
record Deadline(long nanoTime) {

    /** The time a thread gets to end after it was interrupted. */
    static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

    private static final Duration MAX = Duration.ofDays(36500);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** What is waited for. */
    interface Waiting {
        /** Waits for this time at most; whether it happened. */
        boolean await(long nanos) throws InterruptedException;
    }

    static Deadline in(Duration time) {
        Duration sane = time.isNegative() ? Duration.ZERO : time;
        return new Deadline(System.nanoTime() + (sane.compareTo(MAX) > 0 ? MAX : sane).toNanos());
    }

    /** The time until then; negative if it is over. */
    Duration left() {
        return Duration.ofNanos(nanoTime - System.nanoTime());
    }

    /** Waits for something, in steps since it may turn out to be in vain; whether it happened. An interrupt is put off. */
    boolean await(Waiting waiting) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left = nanoTime - System.nanoTime();
                    if (waiting.await(Math.max(0, Math.min(left, STEP_NANOS)))) {
                        return true;
                    } else if (left <= 0) {
                        return false;
                    }
                } catch (InterruptedException putOff) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
