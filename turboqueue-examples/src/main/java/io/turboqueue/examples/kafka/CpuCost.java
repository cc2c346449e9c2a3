package io.turboqueue.examples.kafka;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Work that takes a given time of a core, for showing what heavier work than the example's would do. It counts the
 * thread's own CPU time: a thread that waits for a core is not getting on. For one thread.
 */
final class CpuCost {

    private static final int SPINS = 400;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long nanos;
    private long seed = 88_172_645_463_325_252L;

    CpuCost(Duration cost) {
        this.nanos = cost.toNanos();
    }

    /** Takes the time, if it is any. */
    void burn() {
        if (nanos == 0) {
            return;
        }
        long end = threads.getCurrentThreadCpuTime() + nanos;
        do {
            for (int i = 0; i < SPINS; i++) {
                seed ^= seed << 13;
                seed ^= seed >>> 7;
                seed ^= seed << 17;
            }
        } while (threads.getCurrentThreadCpuTime() < end);
    }
}
