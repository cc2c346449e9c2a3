package io.turboqueue.examples.flights;

import io.turboqueue.examples.ProcessGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Kills a random worker of a group again and again ({@code kill -9}); the group starts it again. One that has hardly run yet is
 * spared: on a busy machine none would ever come to work.
 */
final class Chaos implements AutoCloseable {

    private static final Duration LEAST_CPU = Duration.ofSeconds(1);

    private final Duration pause;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Chaos that has not begun. */
    Chaos(Duration pause) {
        this.pause = pause;
    }

    /** Begins. */
    void reign(ProcessGroup group) {
        Thread thread = new Thread(() -> killUntilEnded(group), "chaos");
        thread.setDaemon(true);
        thread.start();
    }

    private void killUntilEnded(ProcessGroup group) {
        try {
            while (!ended.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                List<ProcessHandle> living =
                        group.running().values().stream().filter(Chaos::hasRun).toList();
                if (!living.isEmpty()) {
                    living.get(ThreadLocalRandom.current().nextInt(living.size()))
                            .destroyForcibly();
                }
            }
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasRun(ProcessHandle worker) {
        return worker.info()
                .totalCpuDuration()
                .map(cpu -> cpu.compareTo(LEAST_CPU) >= 0)
                .orElse(true);
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
