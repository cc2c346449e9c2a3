package io.turboqueue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that handle a queue's messages; see {@link TurboQueue#workers(WorkerOptions, MessageHandler)}. Thread-safe.
 *
 * <p>A batch is acked when each of its messages was handled or has failed. Workers record their progress in it every
 * {@code delivery.checkpointInterval}; if the process dies, the next delivery starts there. A message fails, and is
 * retried alone, if its handler throws anything, an {@link Error} included.
 *
 * <p>Workers end only when they or the spool are closed. An error outside the handler, such as a failing disk, is
 * logged once and retried, after 0.1 s at first and 5 s at most; {@link #failure} reports it. With
 * {@code delivery.maxProcessingTime}, a handler that takes longer than three quarters of it is interrupted; its message
 * fails if the handler then throws.
 */
public final class QueueWorkers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorkers.class);
    private static final int LOOKS_PER_LIMIT = 8;
    private static final int INTERRUPTED_AFTER = 6; // of those looks
    private static final int WAITING_PER_THREAD = 8;

    private final Session session;
    private final String queue;
    private final QueueConsumer<?> consumer;
    private final WorkerOptions options;
    private final long limitNanos;
    private final WorkerErrorLog troubles;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final BooleanSupplier busy = this::isBusy;
    private final List<WorkerLoop<?>> loops = new ArrayList<>();
    private final List<WorkSource<?>> sources = new ArrayList<>();

    private <T> QueueWorkers(Session session, TurboQueue<T> queue, WorkerOptions options, MessageHandler<T> handler)
            throws IOException {
        this.session = session;
        this.queue = queue.name();
        this.options = options;
        this.limitNanos =
                queue.config().maxProcessingTime().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        this.troubles = new WorkerErrorLog(queue.name(), session.clocks().nanos());
        QueueConsumer<T> shared = queue.consumer();
        this.consumer = shared;
        Supplier<WorkSource<T>> each = sources(new Claiming<>(
                timeout -> shared.pollUntilClosed(timeout).orElse(null), checkpoints(queue.config()), this::isEnding));
        for (int i = 0; i < options.threads(); i++) {
            WorkSource<T> source = each.get();
            sources.add(source);
            loops.add(new WorkerLoop<>(this, source, handler));
        }
    }

    /** So often that a handler which begins right before a checkpoint has most of the time until its claim is taken back. */
    private ActiveBatch.Checkpoints checkpoints(QueueConfig config) {
        long interval = config.checkpointInterval().toNanos();
        return new ActiveBatch.Checkpoints(
                session.clocks().nanos(),
                Math.min(interval, limitNanos / LOOKS_PER_LIMIT),
                limitNanos != Long.MAX_VALUE);
    }

    private <T> Supplier<WorkSource<T>> sources(Claiming<T> claiming) {
        int threads = options.threads();
        if (options.sharing() == WorkerOptions.Sharing.NONE) {
            return () -> new PerThreadBatches<>(claiming);
        }
        boolean byKey = options.sharing() == WorkerOptions.Sharing.KEYS;
        SharedBatches<T> shared =
                new SharedBatches<>(claiming, threads, byKey ? new KeyOrder<>(WAITING_PER_THREAD * threads) : null);
        return () -> shared;
    }

    static <T> QueueWorkers start(
            Session session, TurboQueue<T> queue, WorkerOptions options, MessageHandler<T> handler) throws IOException {
        QueueWorkers workers = new QueueWorkers(session, queue, options, handler);
        session.opened(workers);
        session.lastAttempts().join(workers.busy);
        boolean started = false;
        try {
            workers.startAll();
            started = true;
        } finally {
            if (!started) {
                workers.close();
            }
        }
        return workers;
    }

    private void startAll() {
        Executor executor = options.executor();
        for (int i = 0; i < loops.size(); i++) {
            WorkerLoop<?> loop = loops.get(i);
            if (executor == null) {
                new Thread(loop, "turboqueue-worker-" + queue + "-" + i).start();
            } else {
                executor.execute(loop);
            }
        }
        if (limitNanos != Long.MAX_VALUE) {
            lookAgain();
        }
    }

    private void lookAgain() {
        if (!hasEnded()) {
            session.later(limitNanos / LOOKS_PER_LIMIT, this::interruptSlow);
        }
    }

    /** Early enough to come before anybody takes the claim back. */
    private void interruptSlow() {
        try {
            long latest = nanoTime() - limitNanos / LOOKS_PER_LIMIT * INTERRUPTED_AFTER;
            loops.forEach(loop -> loop.interruptIfSince(latest));
        } finally {
            lookAgain();
        }
    }

    long nanoTime() {
        return session.clocks().nanos().nanoTime();
    }

    ExclusiveAttempts lastAttempts() {
        return session.lastAttempts();
    }

    private boolean isBusy() {
        return loops.stream().anyMatch(WorkerLoop::isBusy);
    }

    WorkerErrorLog troubles() {
        return troubles;
    }

    boolean isStopping() {
        return stopped.getCount() == 0;
    }

    /** Whether no more messages are to be begun. */
    boolean isEnding() {
        return isStopping() || isExecutorShutDown();
    }

    private boolean isExecutorShutDown() {
        return options.executor() instanceof ExecutorService service && service.isShutdown();
    }

    /**
     * Waits, but not when the workers stop. An interrupt ends the wait and is not kept: the next handler must not fail by it, and
     * an executor that wants its threads back is asked by {@link #isEnding}.
     */
    void pause(long millis) {
        try {
            stopped.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException tooEarly) {
            LOG.debug("a worker was interrupted while it waited");
        }
    }

    /** An executor that was shut down may have dropped those that it had no thread for. */
    void endUnstarted() {
        if (isExecutorShutDown()) {
            loops.forEach(WorkerLoop::leaveUnlessStarted);
        }
    }

    /** A thread has ended. Until the last one has, closing the spool must wait for them. */
    void loopEnded() {
        if (!hasEnded()) {
            return;
        }
        if (!isStopping() && isExecutorShutDown()) {
            LOG.warn("queue {}: all workers have ended, since their executor was shut down", queue);
        }
        consumer.close();
        session.lastAttempts().leave(busy);
        session.closed(this);
    }

    /**
     * Whether the workers handle messages or wait for them: true until {@link #close}, even while {@link #failure}
     * reports an error.
     *
     * @return false once they were closed or all threads have ended
     */
    public boolean isRunning() {
        return !isStopping() && !hasEnded();
    }

    /**
     * The error that currently keeps a thread from working: what failed when it last tried to claim, record or ack.
     * Failed messages do not count.
     *
     * @return empty if all is well, or again after a success
     */
    public Optional<Throwable> failure() {
        for (WorkerLoop<?> loop : loops) {
            Throwable trouble = loop.trouble();
            if (trouble != null) {
                return Optional.of(trouble);
            }
        }
        return Optional.empty();
    }

    /**
     * Waits until all threads have ended, or were abandoned after {@link #close} or {@link Spool#close}.
     *
     * @throws InterruptedException if the calling thread is interrupted; the workers continue
     */
    public void join() throws InterruptedException {
        for (WorkerLoop<?> loop : loops) {
            loop.awaitEnd();
        }
    }

    /** Stops the workers like {@link #close(Duration)}, with the spool's {@code close.timeout}. */
    @Override
    public void close() {
        close(session.closeTimeout());
    }

    /**
     * Stops the workers. Each thread finishes its current message, gives the rest of its batch back without counting an
     * attempt, and ends. A handler that runs for longer than the timeout is interrupted. If it does not end within two
     * more seconds, its thread is abandoned with a warning: its message counts as failed, and the rest of its batch is
     * given back. A handler that has called {@link System#exit} is abandoned at once.
     *
     * <p>Returns when all of that is done. If a handler of these workers calls it, it returns at once, because it would
     * otherwise wait for itself. An interrupt does not end the wait; the thread's interrupt flag stays set. A second
     * call waits too.
     *
     * @param timeout how long handlers may run; zero or less interrupts them at once
     */
    public void close(Duration timeout) {
        stop();
        if (!isOwnThread()) {
            finish(List.of(this), Deadline.in(timeout));
        }
    }

    /** No message is begun from now on. */
    void stop() {
        stopped.countDown();
        consumer.close();
        sources.forEach(WorkSource::wake);
        loops.forEach(WorkerLoop::leaveUnlessStarted);
    }

    /** Whether a handler of these workers is asking. */
    boolean isOwnThread() {
        Thread self = Thread.currentThread();
        return loops.stream().anyMatch(loop -> loop.isOfThread(self) && !loop.hasEnded());
    }

    /** After {@link #stop}: waits for their threads until then, and gives up those that do not end. */
    static void finish(List<QueueWorkers> stopped, Deadline deadline) {
        if (!awaitAll(stopped, deadline)) {
            forEachLoop(stopped, WorkerLoop::interrupt);
            awaitAll(stopped, Deadline.in(Deadline.AFTER_INTERRUPT));
            forEachLoop(stopped, WorkerLoop::leaveBehind);
        }
    }

    private static boolean awaitAll(List<QueueWorkers> stopped, Deadline deadline) {
        forEachLoop(stopped, loop -> deadline.await(loop::awaitEnd));
        return stopped.stream().allMatch(QueueWorkers::hasEnded);
    }

    private static void forEachLoop(List<QueueWorkers> stopped, Consumer<WorkerLoop<?>> step) {
        stopped.forEach(workers -> workers.loops.forEach(step));
    }

    private boolean hasEnded() {
        return loops.stream().allMatch(WorkerLoop::hasEnded);
    }
}
