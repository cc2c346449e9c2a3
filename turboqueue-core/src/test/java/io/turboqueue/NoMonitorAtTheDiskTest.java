package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.SteppedDisk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody holds a monitor of ours while it reads or writes files: up to Java 23 a virtual thread would pin its carrier. */
class NoMonitorAtTheDiskTest {

    @TempDir
    Path temp;

    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Set<String> operations = ConcurrentHashMap.newKeySet();

    private final class WatchedDisk extends SteppedDisk {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

        WatchedDisk() {
            super(new LocalDisk());
        }

        @Override
        protected void step(Step step, Path path, Work work) throws IOException {
            operations.add(step.toString());
            ThreadInfo self =
                    threads.getThreadInfo(new long[] {Thread.currentThread().getId()}, true, false)[0];
            for (MonitorInfo monitor : self.getLockedMonitors()) {
                String frame = String.valueOf(monitor.getLockedStackFrame());
                if (frame.contains("io.turboqueue.")) {
                    held.add(step + ": " + frame);
                }
            }
            work.run();
        }
    }

    @Test
    void noneIsHeldInTheLifeOfAQueue() throws Exception {
        QueueConfig config = TestSpool.config(
                "durability=power",
                "backpressure.maxReadyBatches=2",
                "backpressure.whenFull=dropOldest",
                "delivery.retryBackoff=5ms",
                "delivery.checkpointInterval=0s",
                "delivery.maxAttempts=2");
        try (Spool spool =
                Spool.builder(temp.resolve("spool")).disk(new WatchedDisk()).open()) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8(), config);
            for (int i = 0; i < 5; i++) {
                TestSpool.publish(queue, "a", "fails", "b");
            }
            try (QueueWorkers workers = queue.workers(WorkerOptions.threads(2).spread(), message -> {
                if (message.payload().equals("fails")) {
                    throw new IOException("always");
                }
            })) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> queue.inspector().stats().dead().messages() > 0);
                assertThat(workers.failure()).isEmpty();
            }
            queue.redrive();
            TestSpool.publish(queue, "into a file that was kept");
            TestSpool.drain(queue);
        }
        assertThat(held).isEmpty();
        assertThat(operations).as("what was looked at").hasSizeGreaterThan(5);
    }
}
