package io.turboqueue;

import io.turboqueue.inspect.BatchChanges;
import io.turboqueue.inspect.BatchFilter;
import io.turboqueue.layout.QueueFolder;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A queue of a {@link Spool}. Thread-safe. Nothing of it is on disk until the first message is published or the first
 * consumer is opened. It holds no resources of its own, only through its producers and consumers.
 *
 * @param <T> the payload's type
 */
public final class TurboQueue<T> {

    private final ReentrantLock lock = new ReentrantLock();
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

    /**
     * The queue's name.
     *
     * @return the name; never null
     */
    public String name() {
        return folder.name().text();
    }

    /**
     * The settings in force, each with its origin.
     *
     * @return the settings; never null
     */
    public QueueConfig config() {
        return config;
    }

    /**
     * Opens a producer.
     *
     * @return a new producer; close it, or the spool, to publish what it has buffered
     * @throws IOException if this process cannot open its owner directory in the spool
     * @throws IllegalStateException if the spool is closed
     */
    public QueueProducer<T> producer() throws IOException {
        return new QueueProducer<>(context());
    }

    /**
     * Opens a consumer, and creates the queue's folder if it does not exist.
     *
     * @return a new consumer, to be closed; the spool closes it too
     * @throws IOException if the folder cannot be created, or this process cannot open its owner directory in the spool
     * @throws IllegalStateException if the spool is closed
     */
    public QueueConsumer<T> consumer() throws IOException {
        lock.lock();
        try {
            QueueContext<T> context = context();
            ClaimSource<T> shared = source;
            if (shared == null) {
                shared = Uninterruptibly.call(() -> new ClaimSource<>(context));
                source = shared;
            }
            consumers++;
            config.maxProcessingTime().ifPresent(limit -> context.session().limit(folder.name(), limit));
            return new QueueConsumer<>(shared, context, this::consumerClosed);
        } finally {
            lock.unlock();
        }
    }

    /** What consumers share lives as long as one of them. */
    private void consumerClosed() {
        lock.lock();
        try {
            consumers--;
            if (consumers == 0 && source != null) {
                source.close();
                source = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Handles messages like {@link #work(WorkerOptions, MessageHandler)}, with threads that claim a batch each.
     *
     * @param threads from 1 to 10000
     * @param handler handles each message; all threads call it at the same time
     * @throws IOException if this process cannot open its owner directory in the spool
     * @throws InterruptedException if the calling thread is interrupted; the workers have stopped before this is thrown
     * @throws IllegalArgumentException if the number of threads is out of range
     * @throws IllegalStateException if the spool is closed
     */
    public void work(int threads, MessageHandler<T> handler) throws IOException, InterruptedException {
        work(WorkerOptions.threads(threads), handler);
    }

    /**
     * Handles messages as {@link #workers(WorkerOptions, MessageHandler)} does, until the calling thread is
     * interrupted, the spool is closed, or the JVM ends.
     *
     * @param options how many threads, from where, and whether they share batches
     * @param handler handles each message; all threads call it at the same time
     * @throws IOException if this process cannot open its owner directory in the spool
     * @throws InterruptedException if the calling thread is interrupted; the workers have stopped before this is thrown
     * @throws IllegalStateException if the spool is closed
     */
    public void work(WorkerOptions options, MessageHandler<T> handler) throws IOException, InterruptedException {
        try (QueueWorkers workers = workers(options, handler)) {
            workers.join();
        }
    }

    /**
     * Starts workers like {@link #workers(WorkerOptions, MessageHandler)}, with threads that claim a batch each.
     *
     * @param threads from 1 to 10000
     * @param handler handles each message; all threads call it at the same time
     * @return the workers, to be closed; the spool closes them too
     * @throws IOException if this process cannot open its owner directory in the spool
     * @throws IllegalArgumentException if the number of threads is out of range
     * @throws IllegalStateException if the spool is closed
     */
    public QueueWorkers workers(int threads, MessageHandler<T> handler) throws IOException {
        return workers(WorkerOptions.threads(threads), handler);
    }

    /**
     * Starts threads that claim batches, pass their messages to the handler, retry those that fail, and ack.
     *
     * @param options how many threads, from where, and whether they share batches
     * @param handler handles each message; all threads call it at the same time
     * @return the workers, to be closed; the spool closes them too
     * @throws IOException if this process cannot open its owner directory in the spool
     * @throws IllegalStateException if the spool is closed
     * @throws java.util.concurrent.RejectedExecutionException if the executor refuses a task; no worker runs then
     */
    public QueueWorkers workers(WorkerOptions options, MessageHandler<T> handler) throws IOException {
        return QueueWorkers.start(spool.session(), this, options, handler);
    }

    /**
     * Makes all dead letters claimable again; see {@link QueueAdmin#redrive}, which can also choose some.
     *
     * @return the number of batches
     * @throws IOException if some could not be moved; all others were
     * @throws IllegalStateException if the spool is closed
     */
    public int redrive() throws IOException {
        BatchChanges changes = admin().redrive(BatchFilter.all());
        changes.requireNoFailure();
        return Math.toIntExact(changes.batches());
    }

    /**
     * Whether the queue holds as many ready batches or bytes as its settings allow. A producer with a full buffer would
     * then wait, fail or drop, as {@code backpressure.whenFull} says. This looks at the folder once and never waits for
     * room; the answer may already have changed when it returns.
     *
     * @return true if the queue is full
     * @throws IOException if the folder cannot be listed
     */
    public boolean isFull() throws IOException {
        return spool.room(folder, config).isFull();
    }

    /**
     * A read-only view of this queue. It does not need an owner directory and works after the spool was closed.
     *
     * @return a new view; it does not have to be closed
     */
    public QueueInspector inspector() {
        return spool.inspector(folder);
    }

    /**
     * What an operator does to this queue. It does not need an owner directory.
     *
     * @return a new object; it does not have to be closed
     */
    public QueueAdmin admin() {
        return spool.admin(folder);
    }

    private QueueContext<T> context() throws IOException {
        return new QueueContext<>(spool.session(), folder, codec, config);
    }
}
