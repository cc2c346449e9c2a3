package io.turboqueue.waiting;

import io.turboqueue.time.NanoClock;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks at a time. Thread-safe.
 *
 * <p>The duty cycle, {@link #runDue}, is apart from the thread that repeats it: {@link #start} makes a daemon thread of
 * it, tests call it with a clock of their own. Tasks run one after the other; one that throws is logged, the others run.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final NanoClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Entry::compare);
    private long sequence;
    private boolean closed;
    private @Nullable Thread thread;

    private record Entry(long atNanos, long sequence, Runnable task) {
        /** By difference, since nano times may wrap. */
        static int compare(Entry a, Entry b) {
            long difference = a.atNanos - b.atNanos;
            return difference != 0 ? Long.signum(difference) : Long.compare(a.sequence, b.sequence);
        }
    }

    /** An agenda without a thread. */
    public Scheduler(NanoClock clock) {
        this.clock = clock;
    }

    /** Starts a daemon thread that runs the tasks; a second call does nothing. */
    public void start(String threadName) {
        lock.lock();
        try {
            if (thread == null) {
                startThread(threadName);
            }
        } finally {
            lock.unlock();
        }
    }

    private void startThread(String name) {
        lock.lock();
        try {
            if (!closed) {
                thread = new Thread(this::run, name);
                thread.setDaemon(true);
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs a task once, after a while. After {@link #close} it is ignored. */
    public void after(long nanos, Runnable task) {
        lock.lock();
        try {
            if (!closed) {
                entries.add(new Entry(clock.nanoTime() + nanos, sequence++, task));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs every task that is due.
     *
     * @return nanoseconds until the next one
     */
    public long runDue() {
        Runnable task = nextDue();
        while (task != null) {
            try {
                task.run();
            } catch (RuntimeException bug) {
                LOG.error("a background task failed", bug);
            }
            task = nextDue();
        }
        lock.lock();
        try {
            Entry next = entries.peek();
            return next == null ? IDLE_NANOS : Math.max(0, next.atNanos - clock.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable nextDue() {
        lock.lock();
        try {
            Entry next = entries.peek();
            if (closed || next == null || next.atNanos - clock.nanoTime() > 0) {
                return null;
            }
            entries.remove();
            return next.task;
        } finally {
            lock.unlock();
        }
    }

    /** An {@link Error} of a task ends this thread, for all to see, but not the scheduler: another thread continues. */
    private void run() {
        boolean ended = false;
        try {
            while (sleep(runDue())) {
                // the work is in runDue
            }
            ended = true;
        } catch (InterruptedException closing) {
            ended = true;
            Thread.currentThread().interrupt();
        } finally {
            if (!ended) {
                startThread(Thread.currentThread().getName());
            }
        }
    }

    /** Sleeps until something changes, at most that long; false when closed. */
    private boolean sleep(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long seen = sequence;
            Entry next = entries.peek(); // may have been added since
            long left = next == null ? nanos : Math.min(nanos, next.atNanos - clock.nanoTime());
            while (!closed && sequence == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is left, lets the task at hand finish and ends the thread. */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            entries.clear();
            changed.signalAll();
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running != null && running != Thread.currentThread()) {
            joinUninterruptibly(running);
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
