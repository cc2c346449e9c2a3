package io.turboqueue;

import io.turboqueue.io.FolderGoneException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that handle a queue's messages; see {@link TurboQueue#workers}. Thread-safe.
 *
 * <p>A batch is acked when each of its messages was handled or has failed; a message whose handler throws an exception is
 * retried alone. With {@code delivery.maxProcessingTime} a handler that takes longer than three quarters of it is interrupted;
 * its message has failed if it then throws, the others get their full time. When the disk fails, the threads wait and go on by themselves; when the queue or the spool is gone, or a
 * handler throws an {@link Error}, they all stop and {@link #join} says why.
 */
public final class QueueWorkers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorkers.class);
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5000;
    private static final int LOOKS_PER_LIMIT = 8;
    private static final int INTERRUPTED_AFTER = 6; // of those looks

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Session session;
    private final Runnable closeConsumer;
    private final Set<Handling> handlings = ConcurrentHashMap.newKeySet();
    private final long limitNanos;
    private volatile boolean stopping;

    private QueueWorkers(Session session, Runnable closeConsumer, long limitNanos) {
        this.session = session;
        this.closeConsumer = closeConsumer;
        this.limitNanos = limitNanos;
    }

    /** One thread's handler at work, which may be interrupted, but never what comes after it. */
    private static final class Handling {
        private final Thread thread = Thread.currentThread();
        private long claimedAt;
        private boolean inHandler;
        private boolean interrupted;

        synchronized void claimed(long now) {
            claimedAt = now;
        }

        synchronized void begin() {
            inHandler = true;
            interrupted = false;
        }

        /** Whether it was interrupted. */
        synchronized boolean end() {
            inHandler = false;
            return interrupted;
        }

        synchronized void interruptIfSince(long latest) {
            if (inHandler && claimedAt - latest <= 0) {
                interrupted = true;
                thread.interrupt();
            }
        }
    }

    static <T> QueueWorkers start(Session session, TurboQueue<T> queue, int count, MessageHandler<T> handler)
            throws IOException {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("threads = " + count + " is not allowed: it must be from 1 to 10000");
        }
        QueueConsumer<T> consumer = queue.consumer();
        long limit = queue.config().maxProcessingTime().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        QueueWorkers workers = new QueueWorkers(session, consumer::close, limit);
        for (int i = 0; i < count; i++) {
            Thread thread =
                    new Thread(() -> workers.run(consumer, handler), "turboqueue-worker-" + queue.name() + "-" + i);
            workers.threads.add(thread);
        }
        session.opened(workers);
        workers.threads.forEach(Thread::start);
        if (limit != Long.MAX_VALUE) {
            workers.lookAgain();
        }
        return workers;
    }

    private void lookAgain() {
        if (!stopping) {
            session.later(limitNanos / LOOKS_PER_LIMIT, this::interruptSlow);
        }
    }

    /** Early enough to come before anybody takes the claim back. */
    private void interruptSlow() {
        long latest = session.clocks().nanos().nanoTime() - limitNanos / LOOKS_PER_LIMIT * INTERRUPTED_AFTER;
        handlings.forEach(handling -> handling.interruptIfSince(latest));
        lookAgain();
    }

    private <T> void run(QueueConsumer<T> consumer, MessageHandler<T> handler) {
        Handling handling = new Handling();
        handlings.add(handling);
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (!stopping) {
                try {
                    work(consumer, handler, handling);
                    pause = FIRST_PAUSE_MILLIS;
                } catch (ClaimLostException lost) {
                    LOG.warn("{}", lost.getMessage());
                } catch (FolderGoneException gone) {
                    stopAll(gone);
                } catch (IOException diskFails) {
                    LOG.warn("work goes on in {} ms: {}", pause, diskFails.toString());
                    Thread.sleep(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException stop) {
            stopping = true;
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            stopAll(bug);
        } finally {
            handlings.remove(handling);
        }
    }

    private <T> void work(QueueConsumer<T> consumer, MessageHandler<T> handler, Handling handling)
            throws IOException, InterruptedException {
        ClaimedBatch<T> claimed;
        try {
            claimed = consumer.poll(POLL).orElse(null);
        } catch (IllegalStateException closed) {
            stopping = true;
            return;
        }
        if (claimed == null) {
            return;
        }
        try (ClaimedBatch<T> batch = claimed) {
            handling.claimed(session.clocks().nanos().nanoTime());
            for (Message<T> message : batch) {
                handling.begin();
                handle(batch, message, handler, handling);
                if (handling.end()) {
                    batch.checkpoint(); // its time starts anew, so that the messages behind the slow one have some
                    handling.claimed(session.clocks().nanos().nanoTime());
                }
                if (stopping) {
                    batch.checkpoint();
                    batch.release();
                    return;
                }
            }
            batch.ack();
        }
    }

    /** An InterruptedException is a failure like others: nobody but the handler interrupts these threads. */
    @SuppressWarnings("InterruptedExceptionSwallowed")
    private static <T> void handle(
            ClaimedBatch<T> batch, Message<T> message, MessageHandler<T> handler, Handling handling) {
        try {
            handler.handle(message);
        } catch (Exception failed) {
            LOG.debug("message {} of batch {} failed", message.id(), batch.id(), failed);
            batch.fail(message, failed);
        } finally {
            handling.end();
            Thread.interrupted(); // what a handler does to its thread is over with its message
        }
    }

    private void stopAll(Throwable why) {
        failure.compareAndSet(null, why);
        stopping = true;
        closeConsumer.run();
    }

    /**
     * Waits until all threads have ended: after {@link #close}, or because something ended them.
     *
     * @throws IOException if the queue or the spool is gone
     * @throws InterruptedException if interrupted; the threads go on
     */
    public void join() throws IOException, InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable why = failure.get();
        if (why instanceof IOException gone) {
            throw new IOException(gone.getMessage(), gone);
        } else if (why != null) {
            throw new IllegalStateException("a worker ended with " + why, why);
        }
    }

    /**
     * Stops: each thread finishes the message at hand, gives the rest of its batch back and ends. Waits for that, unless
     * called by a handler; an interrupt is kept for the caller and ends only the waiting.
     */
    @Override
    public void close() {
        stopping = true;
        closeConsumer.run();
        session.closed(this);
        if (threads.contains(Thread.currentThread())) {
            return; // a handler: its thread cannot wait for its own end, nor two for each other's
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
