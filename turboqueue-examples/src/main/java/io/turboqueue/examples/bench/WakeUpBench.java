package io.turboqueue.examples.bench;

import com.sun.management.OperatingSystemMXBean;
import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.examples.JavaCommand;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long after a publish by another process a waiting {@code poll} returns, and what waiting costs. The two processes
 * compare {@link System#nanoTime}, which on Linux is one monotonic clock for the whole host.
 */
final class WakeUpBench {

    private static final String QUEUE = "wake-up";
    private static final int MESSAGES = 300;
    private static final int WARM_UP = 50;
    private static final long PAUSE_MILLIS = 20;
    private static final int IDLE_CONSUMERS = 8;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Path folder;

    WakeUpBench(Path folder) {
        this.folder = folder.resolve("wake-up-spool");
    }

    void run() throws IOException, InterruptedException {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> queue = spool.queue(QUEUE, Codecs.utf8());
            measureLatency(queue);
            measureIdle(queue);
        }
    }

    private void measureLatency(TurboQueue<String> queue) throws IOException, InterruptedException {
        List<Long> latencies = new ArrayList<>();
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Process publisher = new ProcessBuilder(
                            JavaCommand.of(Publisher.class, List.of("-Xmx64m"), List.of(folder.toString())))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (latencies.size() < MESSAGES) {
                Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ofSeconds(30));
                long now = System.nanoTime();
                try (ClaimedBatch<String> batch = claimed.orElseThrow()) {
                    for (Message<String> message : batch) {
                        latencies.add(now - Long.parseLong(message.payload()));
                    }
                    batch.ack();
                }
            }
            publisher.waitFor();
        }
        long[] sorted = latencies.stream()
                .skip(WARM_UP)
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        Bench.print(
                "from flush() called in one process to poll() returned in another, batches of 1, %d of them:",
                sorted.length);
        Bench.print(
                "  median %.2f ms, 99th percentile %.2f ms, longest %.2f ms",
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private static void measureIdle(TurboQueue<String> queue) throws IOException, InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        List<Thread> threads = new ArrayList<>();
        List<QueueConsumer<String>> consumers = new ArrayList<>();
        for (int i = 0; i < IDLE_CONSUMERS; i++) {
            QueueConsumer<String> consumer = queue.consumer();
            consumers.add(consumer);
            Thread thread = new Thread(() -> wait(consumer), "idle-" + i);
            threads.add(thread);
            thread.start();
        }
        Thread.sleep(3000);
        long start = system.getProcessCpuTime();
        Thread.sleep(IDLE.toMillis());
        double share = (double) (system.getProcessCpuTime() - start) / IDLE.toNanos();
        consumers.forEach(QueueConsumer::close);
        for (Thread thread : threads) {
            thread.join();
        }
        Bench.print("%d waiting consumers of one process, over %d s:", IDLE_CONSUMERS, IDLE.toSeconds());
        Bench.print("  %.2f %% of one processor", 100 * share);
    }

    private static void wait(QueueConsumer<String> consumer) {
        try {
            consumer.poll(Duration.ofMinutes(5));
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The other process: publishes the time, again and again. */
    static final class Publisher {

        private Publisher() {}

        /** Publishes {@link #MESSAGES} batches of one message into the queue of the spool named. */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            try (Spool spool = Spool.open(Path.of(arguments[0]));
                    QueueProducer<String> producer =
                            spool.queue(QUEUE, Codecs.utf8()).producer()) {
                for (int i = 0; i < MESSAGES; i++) {
                    Thread.sleep(PAUSE_MILLIS);
                    producer.send(Long.toString(System.nanoTime()));
                    producer.flush();
                }
            }
        }
    }
}
