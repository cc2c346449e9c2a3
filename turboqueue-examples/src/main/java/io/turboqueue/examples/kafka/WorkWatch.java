package io.turboqueue.examples.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends the process when a call of the work takes longer than it may: code that hangs cannot be ended in any other way. What the
 * process had claimed comes back, with a failure counted for the event at hand.
 */
final class WorkWatch {

    private static final int STATUS = 4;
    private static final long LOOKS = 10;
    private static final long MIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long IDLE = Long.MAX_VALUE;

    private final Duration limit;
    private volatile long deadline = IDLE;

    private WorkWatch(Duration limit) {
        this.limit = limit;
    }

    /**
     * Watches from now on.
     *
     * @param limit zero for none
     */
    static WorkWatch start(Duration limit, Consumer<String> log) {
        WorkWatch watch = new WorkWatch(limit);
        if (!limit.isZero()) {
            Thread thread = new Thread(() -> watch.watch(log), "work-watch");
            thread.setDaemon(true);
            thread.start();
        }
        return watch;
    }

    /** A call begins. */
    void begin() {
        if (!limit.isZero()) {
            deadline = System.nanoTime() + limit.toNanos();
        }
    }

    /** The call has ended. */
    void end() {
        if (!limit.isZero()) {
            deadline = IDLE;
        }
    }

    private void watch(Consumer<String> log) {
        try {
            while (!isOver()) {
                TimeUnit.NANOSECONDS.sleep(Math.max(MIN_LOOK_NANOS, limit.toNanos() / LOOKS));
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
            return;
        }
        log.accept(
                "the work takes longer than work.timeout = " + limit.toMillis() + " ms at one call: this process ends");
        System.err.flush();
        Runtime.getRuntime().halt(STATUS);
    }

    private boolean isOver() {
        long end = deadline;
        return end != IDLE && System.nanoTime() - end > 0;
    }
}
