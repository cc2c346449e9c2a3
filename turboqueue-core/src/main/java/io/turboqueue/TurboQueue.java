package io.turboqueue;

import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.JdbcEngine;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.DeadName;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.Rearrangement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue of a {@link Spool}. Thread-safe. Nothing of it is on disk until the first message is published or the first
 * consumer opened, and it holds nothing open but through its producers and consumers.
 *
 * @param <T> the payloads' type
 */
public final class TurboQueue<T> {

    private final Spool spool;
    private final QueueFolder folder;
    private final Codec<T> codec;
    private final QueueConfig config;
    private @Nullable ClaimSource<T> source;
    private int consumers;

    TurboQueue(Spool spool, QueueFolder folder, Codec<T> codec, QueueConfig config) {
        this.spool = spool;
        this.folder = folder;
        this.codec = codec;
        this.config = config;
    }

    /** The queue's name. */
    public String name() {
        return folder.name().text();
    }

    /** The settings in force, each with its origin. */
    public QueueConfig config() {
        return config;
    }

    /**
     * A new producer. Close it, or the spool, to publish what it has buffered.
     *
     * @throws IOException if this process cannot open its desk in the spool
     * @throws IllegalStateException after the spool was closed
     */
    public QueueProducer<T> producer() throws IOException {
        return new QueueProducer<>(context());
    }

    /**
     * A new consumer. Makes the queue's folder if it is not there.
     *
     * @throws IOException if that fails, or this process cannot open its desk in the spool
     * @throws IllegalStateException after the spool was closed
     */
    public synchronized QueueConsumer<T> consumer() throws IOException {
        QueueContext<T> context = context();
        ClaimSource<T> shared = source;
        if (shared == null) {
            shared = new ClaimSource<>(context);
            source = shared;
        }
        consumers++;
        config.maxProcessingTime().ifPresent(limit -> context.session().limit(folder.name(), limit));
        return new QueueConsumer<>(shared, context, this::consumerClosed);
    }

    /** What consumers share lives as long as one of them. */
    private synchronized void consumerClosed() {
        consumers--;
        if (consumers == 0 && source != null) {
            source.close();
            source = null;
        }
    }

    /**
     * Handles messages with this many threads of this process, as {@link #workers} does, until the calling thread is
     * interrupted or the spool is closed.
     *
     * @throws IOException if the queue or the spool is gone
     * @throws InterruptedException if interrupted; the workers have stopped when this is thrown
     * @throws IllegalStateException if a handler threw an {@link Error}
     */
    public void work(int threads, MessageHandler<T> handler) throws IOException, InterruptedException {
        try (QueueWorkers workers = workers(threads, handler)) {
            workers.join();
        }
    }

    /**
     * Starts this many threads that claim batches, hand their messages to the handler, retry those that fail and ack.
     *
     * @param threads from 1 to 10000
     * @param handler called by all of them at once
     */
    public QueueWorkers workers(int threads, MessageHandler<T> handler) throws IOException {
        return QueueWorkers.start(spool.session(), this, threads, handler);
    }

    /** Makes all dead letters claimable again, with no deliveries counted; how many batches. */
    public int redrive() throws IOException {
        return new Rearrangement(spool.session().disk()).redriveAll(folder);
    }

    /**
     * Publishes what can still be read of a damaged batch as a new, ready one. The file is left as it is, so doing it twice
     * makes duplicates. Where bits were flipped a message may read well and still be wrong.
     *
     * @param damaged the file, in {@code dead/} as a rule
     * @return messages published; 0 if none could be read
     * @throws CorruptBatchException if not even the table can be found
     * @throws IOException if the disk is at fault
     */
    public int salvage(Path damaged) throws IOException {
        QueueContext<T> context = context();
        List<StoredMessage> messages;
        try (JdbcEngine engine = new JdbcEngine(context.session().disk())) {
            messages = engine.salvage(damaged, expectedRows(damaged));
        } catch (DamagedBatchException hopeless) {
            throw new CorruptBatchException(damaged.getFileName().toString(), hopeless);
        }
        if (!messages.isEmpty()) {
            context.publishReady(messages);
        }
        return messages.size();
    }

    private static long expectedRows(Path file) {
        String name = file.getFileName().toString();
        return BatchName.parse(name)
                .or(() -> DeadName.parse(name).map(DeadName::batch))
                .map(BatchName::contents)
                .map(BatchName.Contents::rows)
                .orElse(0L);
    }

    /** A read-only view. */
    public QueueInspector inspector() {
        return spool.inspector(folder);
    }

    private QueueContext<T> context() throws IOException {
        return new QueueContext<>(spool.session(), folder, codec, config);
    }
}
