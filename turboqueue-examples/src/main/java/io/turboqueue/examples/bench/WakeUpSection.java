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
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long after a publish by another process a waiting {@code poll} returns, and what waiting costs. The two processes
 * compare {@link System#nanoTime}, which on Linux is one monotonic clock for the whole host.
 */
final class WakeUpSection implements Section {

    private static final String QUEUE = "wake-up";
    private static final String LATENCY =
            "from flush() called in one process to poll() returned in another, batches of 1";
    private static final int MAX_WARM_UP = 50;
    private static final long PAUSE_MILLIS = 15;
    private static final int IDLE_CONSUMERS = 8;
    private static final long MAX_SETTLING_MILLIS = 2000;
    private static final double MEDIAN_TARGET_MILLIS = 1;
    private static final double TAIL_TARGET_MILLIS = 5;

    private final Path folder;
    private final Plan plan;
    private final int warmUp;

    WakeUpSection(Path folder, Plan plan) {
        this.folder = folder.resolve("wake-up-spool");
        this.plan = plan;
        this.warmUp = Math.min(MAX_WARM_UP, plan.latencies());
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> queue = spool.queue(QUEUE, Codecs.utf8());
            tellLatency(report, measureLatency(queue));
            double share = measureIdle(queue);
            report.add(Figure.single(
                    "idle, " + IDLE_CONSUMERS + " waiting consumers of one process", "one core", "%", 100 * share));
        }
    }

    private Histogram measureLatency(TurboQueue<String> queue) throws IOException, InterruptedException {
        Histogram nanos = new Histogram(3);
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Process publisher = startPublisher();
            for (int i = 0; i < warmUp + plan.latencies(); i++) {
                Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ofSeconds(30));
                long now = System.nanoTime();
                try (ClaimedBatch<String> batch = claimed.orElseThrow()) {
                    for (Message<String> message : batch) {
                        if (i >= warmUp) {
                            nanos.recordValue(now - Long.parseLong(message.payload()));
                        }
                    }
                    batch.ack();
                }
            }
            publisher.waitFor();
        }
        return nanos;
    }

    private Process startPublisher() throws IOException {
        List<String> arguments = List.of(folder.toString(), Integer.toString(warmUp + plan.latencies()));
        return new ProcessBuilder(JavaCommand.of(Publisher.class, List.of("-Xmx64m"), arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void tellLatency(Report report, Histogram nanos) {
        double median = nanos.getValueAtPercentile(50) / 1e6;
        double tail = nanos.getValueAtPercentile(99) / 1e6;
        report.add(Figure.single(LATENCY, "p50", "ms", median));
        report.add(Figure.single(LATENCY, "p90", "ms", nanos.getValueAtPercentile(90) / 1e6));
        report.add(Figure.single(LATENCY, "p99", "ms", tail));
        report.add(Figure.single(LATENCY, "longest", "ms", nanos.getMaxValue() / 1e6));
        report.add(Ratio.atMost("publish to poll, p50, ms", median, MEDIAN_TARGET_MILLIS));
        report.add(Ratio.atMost("publish to poll, p99, ms", tail, TAIL_TARGET_MILLIS));
    }

    private double measureIdle(TurboQueue<String> queue) throws IOException, InterruptedException {
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
        Thread.sleep(Math.min(MAX_SETTLING_MILLIS, 700L * plan.idleSeconds()));
        long watched = TimeUnit.SECONDS.toNanos(plan.idleSeconds());
        long start = system.getProcessCpuTime();
        TimeUnit.NANOSECONDS.sleep(watched);
        double share = (double) (system.getProcessCpuTime() - start) / watched;
        consumers.forEach(QueueConsumer::close);
        for (Thread thread : threads) {
            thread.join();
        }
        return share;
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

        /** Publishes that many batches of one message into the queue of the spool named. */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            int messages = Integer.parseInt(arguments[1]);
            try (Spool spool = Spool.open(Path.of(arguments[0]));
                    QueueProducer<String> producer =
                            spool.queue(QUEUE, Codecs.utf8()).producer()) {
                for (int i = 0; i < messages; i++) {
                    Thread.sleep(PAUSE_MILLIS);
                    producer.send(Long.toString(System.nanoTime()));
                    producer.flush();
                }
            }
        }
    }
}
