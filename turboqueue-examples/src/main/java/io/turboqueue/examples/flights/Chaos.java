package io.turboqueue.examples.flights;

import io.turboqueue.examples.ProcessGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Kills a random worker of a group again and again ({@code kill -9}); the group starts it again. One that has hardly run yet is
 * spared, and the longer this continues, the longer: on a slow or busy machine none would ever come to work.
 */
final class Chaos implements AutoCloseable {

    private static final Duration MIN_CPU = Duration.ofSeconds(1);
    private static final int KILLS_TO_DOUBLE = 10;

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
        Duration leastCpu = MIN_CPU;
        try {
            while (!ended.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                List<ProcessHandle> candidates = haveRun(group, leastCpu);
                if (!candidates.isEmpty()) {
                    candidates
                            .get(ThreadLocalRandom.current().nextInt(candidates.size()))
                            .destroyForcibly();
                    leastCpu = leastCpu.plus(MIN_CPU.dividedBy(KILLS_TO_DOUBLE));
                }
            }
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<ProcessHandle> haveRun(ProcessGroup group, Duration leastCpu) {
        return group.running().values().stream()
                .filter(worker -> worker.info()
                        .totalCpuDuration()
                        .map(cpu -> cpu.compareTo(leastCpu) >= 0)
                        .orElse(true))
                .toList();
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
