package io.turboqueue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A spool whose time stands still and whose disk is watched, with one queue {@code q} of strings. It has no background
 * threads: {@link #runLinger} publishes what has lingered, and nobody clears owner directories or takes claims back.
 */
final class TestSpool implements AutoCloseable {

    static final String QUEUE = "q";

    private final MovableTime time = new MovableTime();
    private final ProbeDisk disk = new ProbeDisk();
    private final Spool spool;

    /** A spool in a folder {@code spool} of a temporary folder. */
    TestSpool(Path temp) throws IOException, InterruptedException {
        spool = Spool.builder(temp.resolve("spool"))
                .clock(time)
                .nanos(time)
                .disk(disk)
                .environment(Map.of(), Map.of())
                .open();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Session session = spool.session();
        session.lingering().start("turboqueue-linger");
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && thread.getName().startsWith("turboqueue-")) {
                thread.interrupt();
                thread.join();
            }
        }
    }

    Spool spool() {
        return spool;
    }

    MovableTime time() {
        return time;
    }

    ProbeDisk disk() {
        return disk;
    }

    SpoolOnDisk files() {
        return new SpoolOnDisk(spool.folder());
    }

    /** The queue, with settings such as {@code batch.maxMessages=3}. */
    TurboQueue<String> queue(String... settings) throws IOException {
        return queue(Codecs.utf8(), settings);
    }

    <T> TurboQueue<T> queue(Codec<T> codec, String... settings) throws IOException {
        return spool.queue(QUEUE, codec, config(settings));
    }

    static QueueConfig config(String... settings) {
        QueueConfig.Builder builder = QueueConfig.builder();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder.build();
    }

    /** Publishes one batch. */
    static void publish(TurboQueue<String> queue, String... payloads) throws IOException, InterruptedException {
        try (QueueProducer<String> producer = queue.producer()) {
            for (String payload : payloads) {
                producer.send(payload);
            }
        }
    }

    /** Claims a batch that must be there. */
    static <T> ClaimedBatch<T> claim(QueueConsumer<T> consumer) throws IOException, InterruptedException {
        Optional<ClaimedBatch<T>> batch = consumer.poll(Duration.ZERO);
        return batch.orElseThrow(() -> new AssertionError("no batch is ready"));
    }

    static <T> List<T> payloads(ClaimedBatch<T> batch) {
        List<T> payloads = new ArrayList<>();
        for (Message<T> message : batch) {
            payloads.add(message.payload());
        }
        return payloads;
    }

    /** Acks everything that is ready; the payloads in the order delivered. */
    static <T> List<T> drain(TurboQueue<T> queue) throws IOException, InterruptedException {
        List<T> payloads = new ArrayList<>();
        for (List<T> batch : drainBatches(queue)) {
            payloads.addAll(batch);
        }
        return payloads;
    }

    /** The same by batch. */
    static <T> List<List<T>> drainBatches(TurboQueue<T> queue) throws IOException, InterruptedException {
        List<List<T>> batches = new ArrayList<>();
        try (QueueConsumer<T> consumer = queue.consumer()) {
            Optional<ClaimedBatch<T>> claimed = consumer.poll(Duration.ZERO);
            while (claimed.isPresent()) {
                try (ClaimedBatch<T> batch = claimed.get()) {
                    batches.add(payloads(batch));
                    batch.ack();
                }
                claimed = consumer.poll(Duration.ZERO);
            }
        }
        return batches;
    }

    /** Does what the linger thread would. */
    void runLinger() throws IOException {
        spool.session().lingering().runDue();
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
