package io.turboqueue;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one worker thread does: it handles one message after the other until the workers stop. Whatever fails meanwhile is
 * reported, and tried again after a pause.
 *
 * <p>Another thread may interrupt its handler, but never what comes after it; and it may leave this thread behind: it then settles
 * what the thread had begun, and the thread touches nothing any more.
 */
final class WorkerLoop<T> implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerLoop.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 5000;
    private static final long ALONE_MILLIS = 5;
    private static final int FRAMES_SHOWN = 5;

    private final QueueWorkers workers;
    private final WorkSource<T> source;
    private final MessageHandler<T> handler;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable trouble;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private @Nullable Thread thread; // this and what follows is guarded by this object
    private @Nullable Work<T> begun;
    private long begunAt;
    private boolean left;

    WorkerLoop(QueueWorkers workers, WorkSource<T> source, MessageHandler<T> handler) {
        this.workers = workers;
        this.source = source;
        this.handler = handler;
    }

    @Override
    public void run() {
        if (!hasStarted()) {
            return;
        }
        try {
            while (!isLeft() && !workers.isEnding()) {
                runOnce();
            }
        } finally {
            workers.endUnstarted();
            leave();
        }
    }

    /** An executor that has no thread for it yet need not find one. */
    void leaveUnlessStarted() {
        boolean unstarted;
        synchronized (this) {
            unstarted = thread == null;
            left |= unstarted;
        }
        if (unstarted) {
            leave();
        }
    }

    private synchronized boolean hasStarted() {
        if (!left) {
            thread = Thread.currentThread();
        }
        return !left;
    }

    private synchronized boolean isLeft() {
        return left;
    }

    /** Handles a message, if one comes. */
    private void runOnce() {
        try {
            Work<T> work = source.next();
            Throwable error = work == null ? null : handle(work);
            if (error != null && isOfTheProcess(error)) {
                waitOut(error);
            } else {
                trouble = null;
                pauseMillis = FIRST_PAUSE_MILLIS;
            }
        } catch (InterruptedException late) {
            LOG.debug("a worker was interrupted between two messages");
        } catch (ClaimLostException lost) {
            LOG.warn("{}", lost.getMessage());
        } catch (IOException | RuntimeException | Error failed) {
            waitOut(failed);
        }
    }

    /** The message may be at fault, but then perhaps all messages are: they must not fail as fast as they can. */
    private static boolean isOfTheProcess(Throwable error) {
        return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
    }

    private void waitOut(Throwable failed) {
        Throwable readable = UnreadableException.readable(failed);
        trouble = readable;
        workers.troubles().report(readable, pauseMillis);
        workers.pause(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS);
    }

    /** What the handler threw, or null. */
    private @Nullable Throwable handle(Work<T> work) throws IOException {
        if (!beginWhenAllowed(work)) {
            return null;
        }
        Throwable error = call(work.message());
        if (!end()) {
            return null;
        }
        Thread.interrupted(); // what a handler does to its thread is over with its message
        try {
            work.batch().finished(work.message(), error);
        } finally {
            source.done(work);
        }
        return error;
    }

    /** Whatever a handler throws is a failure of its message, an interrupt included. */
    @SuppressWarnings("InterruptedExceptionSwallowed")
    private @Nullable Throwable call(Message<T> message) {
        try {
            handler.handle(message);
            return null;
        } catch (Throwable failed) {
            return failed;
        }
    }

    /** False if it is not begun, since it is time to end. */
    private boolean beginWhenAllowed(Work<T> work) {
        boolean begins = begin(work);
        while (begins && work.batch().mustWait(workers.lastAttempts())) {
            notBegun(); // said after it was said to be begun, so that a batch that waits to be alone cannot miss it
            workers.pause(ALONE_MILLIS);
            begins = !workers.isEnding() && begin(work);
        }
        if (!begins && !isLeft()) {
            work.batch().putDown();
            source.done(work);
        }
        return begins;
    }

    private synchronized void notBegun() {
        begun = null;
    }

    /** Whether a message is at hand. */
    synchronized boolean isBusy() {
        return begun != null;
    }

    private synchronized boolean begin(Work<T> work) {
        if (!left) {
            begun = work;
            begunAt = workers.nanoTime();
        }
        return !left;
    }

    /** False if the message was settled by somebody else meanwhile. */
    private synchronized boolean end() {
        begun = null;
        return !left;
    }

    /** What keeps this thread from working now, or null. */
    @Nullable
    Throwable trouble() {
        return trouble;
    }

    synchronized boolean isOfThread(Thread other) {
        return thread == other;
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Interrupts the handler if it runs since then, or longer. */
    synchronized void interruptIfSince(long latest) {
        if (thread != null && begun != null && begunAt - latest <= 0) {
            thread.interrupt();
        }
    }

    /** Interrupts the handler, however short it runs. */
    synchronized void interrupt() {
        if (thread != null && begun != null) {
            thread.interrupt();
        }
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Waits for this thread, for this time at most; true if there is nothing to wait for any more. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS) || isInExit();
    }

    private boolean isInExit() {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        return running != null && ShutdownHook.isCalledBy(running);
    }

    /** Gives this thread up: what it had begun has failed, the rest is given back. */
    void leaveBehind() {
        Work<T> unfinished;
        Thread abandoned;
        synchronized (this) {
            if (left || hasEnded()) {
                return;
            }
            left = true;
            unfinished = begun;
            abandoned = thread;
        }
        if (abandoned != null) {
            StackTraceElement[] stack = abandoned.getStackTrace();
            LOG.warn(
                    "thread {} is left behind, since it did not end when its workers were closed; it is at {}",
                    abandoned.getName(),
                    Arrays.toString(Arrays.copyOf(stack, Math.min(stack.length, FRAMES_SHOWN))));
            fail(unfinished, stack);
        }
        leave();
    }

    private void fail(@Nullable Work<T> unfinished, StackTraceElement[] stack) {
        if (unfinished == null) {
            return;
        }
        TimeoutException error = new TimeoutException("its handler did not end when its workers were closed");
        error.setStackTrace(stack);
        try {
            unfinished.batch().finished(unfinished.message(), error);
        } catch (IOException | RuntimeException notSettled) {
            LOG.warn("what a thread left behind had begun could not be settled", notSettled);
        } finally {
            source.done(unfinished);
        }
    }

    private void leave() {
        if (!leaving.compareAndSet(false, true)) {
            return;
        }
        try {
            source.leave();
        } catch (IOException | RuntimeException notSettled) {
            LOG.warn("a batch could not be given back", notSettled);
        } finally {
            ended.countDown();
            workers.loopEnded();
        }
    }
}
