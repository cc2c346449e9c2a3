package io.turboqueue;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * How workers handle a queue's messages; see {@link TurboQueue#workers(WorkerOptions, MessageHandler)}. Immutable: each
 * method returns a changed copy.
 *
 * <pre>{@code
 * queue.work(WorkerOptions.threads(16).orderedByKey(), message -> charge(message.payload()));
 * }</pre>
 */
public final class WorkerOptions {

    private static final int MAX_THREADS = 10_000;

    private final int threads;
    private final Sharing sharing;
    private final @Nullable Executor executor;

    /** How threads share the messages of a batch. */
    enum Sharing {
        /** Not at all: each thread has a batch of its own. */
        NONE,
        /** Whoever is free takes the next. */
        MESSAGES,
        /** The same, but one thread at a time for each key. */
        KEYS
    }

    private WorkerOptions(int threads, Sharing sharing, @Nullable Executor executor) {
        this.threads = threads;
        this.sharing = sharing;
        this.executor = executor;
    }

    /**
     * Threads that claim a batch each.
     *
     * @param threads from 1 to 10000
     * @return the options
     * @throws IllegalArgumentException if it is out of range
     */
    public static WorkerOptions threads(int threads) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException(
                    "threads = " + threads + " is not allowed: it must be from 1 to " + MAX_THREADS);
        }
        return new WorkerOptions(threads, Sharing.NONE, null);
    }

    /**
     * Lets the threads share the messages of each batch, for handlers that are slow. A batch is acked when all of its
     * messages were handled, and its checkpoint stops before the first message that is not done. So if the process is
     * killed, messages that were handled after such a message are handled again. Messages are not handled in order. A
     * batch that has failed before is handled one message at a time.
     *
     * @return a changed copy
     */
    public WorkerOptions spread() {
        return new WorkerOptions(threads, Sharing.MESSAGES, executor);
    }

    /**
     * Like {@link #spread}, but messages with the same key are handled one after the other, in the order in which they
     * were delivered to this process. Messages without a key have no order. A message that fails is retried later,
     * after others with its key.
     *
     * @return a changed copy
     */
    public WorkerOptions orderedByKey() {
        return new WorkerOptions(threads, Sharing.KEYS, executor);
    }

    /**
     * Creates the threads with this factory: for example {@code Thread.ofVirtual().factory()} on Java 21 or later. By
     * default they are platform threads that keep the JVM alive and are named after the queue. Replaces an
     * {@link #executor}.
     *
     * @param factory creates a new thread for each call and does not return null
     * @return a changed copy
     */
    public WorkerOptions threadFactory(ThreadFactory factory) {
        Objects.requireNonNull(factory, "factory");
        return executor(task -> newThread(factory, task).start());
    }

    private static Thread newThread(ThreadFactory factory, Runnable task) {
        Thread thread = factory.newThread(task);
        if (thread == null) {
            throw new IllegalStateException("thread factory " + factory + " made no thread");
        }
        return thread;
    }

    /**
     * Runs the workers on this executor. Each one occupies a thread until the workers are closed, so the executor must
     * have that many free threads. The workers do not shut it down. If something else does, and it is an
     * {@link java.util.concurrent.ExecutorService}, they end: each after the message at hand, or within ten seconds if
     * it waits for one, or at once if it is interrupted then. {@code shutdownNow} also interrupts the handlers; a
     * handler that throws because of it fails its message. Replaces a {@link #threadFactory}.
     *
     * @param executor runs each task it is given on a thread of its own, at once
     * @return a changed copy
     */
    public WorkerOptions executor(Executor executor) {
        return new WorkerOptions(threads, sharing, Objects.requireNonNull(executor, "executor"));
    }

    int threads() {
        return threads;
    }

    Sharing sharing() {
        return sharing;
    }

    @Nullable
    Executor executor() {
        return executor;
    }
}
