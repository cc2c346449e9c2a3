package io.turboqueue.examples.bench;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.Message;
import io.turboqueue.QueueConfig;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** TurboQueue as its users see it: send and flush, poll, every payload taken or at least looked at, ack. */
final class QueueSubject implements Subject {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NOTHING_LEFT = Duration.ofMillis(50);
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_READY = 1_000_000;

    private final Spool spool;
    private final QueueConfig.Builder config;
    private final boolean views;
    private final Map<Integer, Ends> ends = new HashMap<>();
    private long claims;

    /** A queue of its own for each number of rows, as that is a queue's setting. */
    private record Ends(QueueProducer<byte[]> producer, QueueConsumer<byte[]> consumer) {}

    /**
     * Opens a spool.
     *
     * @param views whether payloads are read where they lie, not as arrays of their own
     */
    QueueSubject(Path folder, QueueConfig.Builder config, boolean views) throws IOException {
        this.views = views;
        this.spool = Spool.open(folder);
        this.config = config;
    }

    @Override
    public void prepare(Workload workload) throws IOException {
        ends(workload.rows());
    }

    private Ends ends(int rows) throws IOException {
        Ends known = ends.get(rows);
        if (known == null) {
            QueueConfig ofRows = config.batchMaxMessages(rows)
                    .batchMaxBytes(MAX_BYTES)
                    .maxReadyBatches(MAX_READY)
                    .build();
            TurboQueue<byte[]> queue = spool.queue("rows-" + rows, Codecs.bytes(), ofRows);
            known = new Ends(queue.producer(), queue.consumer());
            ends.put(rows, known);
        }
        return known;
    }

    @Override
    public void write(Workload workload, byte[][] payloads) throws IOException, InterruptedException {
        QueueProducer<byte[]> producer = ends(workload.rows()).producer();
        for (int i = 0; i < workload.backlog(); i++) {
            for (int row = 0; row < workload.rows(); row++) {
                producer.send(payloads[row % payloads.length]);
            }
            producer.flush();
        }
    }

    @Override
    public long read(Workload workload) throws IOException, InterruptedException {
        QueueConsumer<byte[]> consumer = ends(workload.rows()).consumer();
        long bytes = 0;
        for (int i = 0; i < workload.backlog(); i++) {
            try (ClaimedBatch<byte[]> batch = consumer.poll(PATIENCE).orElseThrow()) {
                bytes += take(batch);
            }
        }
        return bytes;
    }

    /** Reads until nothing is left, beside other processes that do the same. */
    Drained drain(Workload workload) throws IOException, InterruptedException {
        QueueConsumer<byte[]> consumer = ends(workload.rows()).consumer();
        long lostBefore = consumer.claimConflicts();
        long claimedBefore = claims;
        long messages = 0;
        long end = System.nanoTime();
        while (true) {
            @Nullable ClaimedBatch<byte[]> claimed = consumer.poll(NOTHING_LEFT).orElse(null);
            if (claimed == null) {
                return new Drained(end, messages, claims - claimedBefore, consumer.claimConflicts() - lostBefore);
            }
            try (ClaimedBatch<byte[]> batch = claimed) {
                messages += batch.size();
                take(batch);
            }
            end = System.nanoTime();
        }
    }

    /**
     * What one of several consumers got.
     *
     * @param endNanos when its last ack returned
     * @param messages how many messages it took
     * @param claims how many batches
     * @param lost how often another consumer was first
     */
    record Drained(long endNanos, long messages, long claims, long lost) {}

    private long take(ClaimedBatch<byte[]> batch) throws IOException {
        long bytes = views ? look(batch) : copy(batch);
        batch.ack();
        claims++;
        return bytes;
    }

    private static long copy(ClaimedBatch<byte[]> batch) {
        long bytes = 0;
        for (Message<byte[]> message : batch) {
            bytes += message.payload().length;
        }
        return bytes;
    }

    private static long look(ClaimedBatch<byte[]> batch) {
        long bytes = 0;
        for (ByteBuffer payload : batch.payloads()) {
            bytes += payload.remaining();
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
