package io.turboqueue.waiting;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Says that something may have been added to a folder. Thread-safe.
 *
 * <p>Take a {@linkplain #ticket ticket}, look into the folder, and if nothing is there {@linkplain #await wait} with that
 * ticket: a nudge that came in between ends the wait at once.
 */
public final class FolderSignal implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nudged = lock.newCondition();
    private final Runnable onClose;
    private long nudges;
    private volatile boolean watched;

    FolderSignal(Runnable onClose) {
        this.onClose = onClose;
    }

    /** A mark of now, for {@link #await}. */
    public long ticket() {
        lock.lock();
        try {
            return nudges;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there was a nudge after the ticket, or the time is over. */
    public void await(long ticket, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (nudges == ticket && left > 0) {
                left = nudged.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits. */
    public void nudge() {
        lock.lock();
        try {
            nudges++;
            nudged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the kernel reports changes of the folder; false means that only polling finds them. */
    public boolean watched() {
        return watched;
    }

    void watched(boolean now) {
        watched = now;
    }

    /** Stops watching. Waits go on as polls. */
    @Override
    public void close() {
        onClose.run();
    }
}
