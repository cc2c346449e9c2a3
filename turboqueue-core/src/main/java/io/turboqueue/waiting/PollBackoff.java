package io.turboqueue.waiting;

import java.util.concurrent.TimeUnit;

/** How long to wait before looking again, the longer the longer nothing came. Pure functions. */
public final class PollBackoff {

    private static final long FIRST_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long WATCHED_MOST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long UNWATCHED_MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private PollBackoff() {}

    /**
     * Doubles from half a millisecond to a second, or to ten milliseconds where no watch helps.
     *
     * @param emptyLooks how often in a row nothing was found
     */
    public static long nanos(int emptyLooks, boolean watched) {
        long doubled = FIRST_NANOS << Math.min(Math.max(emptyLooks, 1) - 1, 20);
        return Math.min(doubled, watched ? WATCHED_MOST_NANOS : UNWATCHED_MOST_NANOS);
    }
}
