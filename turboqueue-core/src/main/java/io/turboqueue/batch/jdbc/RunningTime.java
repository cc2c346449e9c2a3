package io.turboqueue.batch.jdbc;

import java.util.concurrent.TimeUnit;
import org.sqlite.ProgressHandler;

/**
 * Interrupts statements that run for too long in all: a query timeout in sqlite-jdbc is only a lock timeout. What counts is
 * the time they ran: a process that was stopped for an hour has not read for an hour.
 */
final class RunningTime extends ProgressHandler {

    /** Steps of SQLite's machine, a few milliseconds. */
    static final int STEPS_BETWEEN_LOOKS = 100_000;

    private static final long MIN_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long BYTES_A_SECOND = 8 << 20; // far less than the slowest disk in use reads
    private static final long MAX_NANOS_A_LOOK = TimeUnit.SECONDS.toNanos(1);

    private final long mostNanos;
    private long ranNanos;
    private long lastLook = System.nanoTime();

    RunningTime(long mostNanos) {
        this.mostNanos = mostNanos;
    }

    /** Half a minute, and a second for each 8 MiB. */
    static RunningTime forFile(long bytes) {
        return new RunningTime(MIN_NANOS + bytes / BYTES_A_SECOND * TimeUnit.SECONDS.toNanos(1));
    }

    @Override
    protected int progress() {
        return isOver(System.nanoTime()) ? 1 : 0;
    }

    /** Whether it is, now that this time has come. */
    boolean isOver(long now) {
        ranNanos += Math.min(MAX_NANOS_A_LOOK, now - lastLook);
        lastLook = now;
        return ranNanos > mostNanos;
    }
}
