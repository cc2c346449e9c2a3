package io.turboqueue.waiting;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Says that something may have been added to a folder. Thread-safe.
 *
 * <p>Take a {@linkplain #ticket ticket}, look into the folder, and if nothing is there {@linkplain #await wait} with that
 * ticket: a nudge that came in between ends the wait at once.
 */
public final class DirectorySignal implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nudged = lock.newCondition();
    private final Source source;
    private long nudges;
    private int missedWakeUps; // nudges since somebody waited, or the watch began
    private volatile boolean watched;

    /** Where nudges come from. */
    interface Source {
        /** Somebody is about to wait; true if nudges are coming again from now on, after they had not come for a while. */
        boolean resume(DirectorySignal signal);

        /** The signal needs no more nudges. */
        void stop(DirectorySignal signal);
    }

    DirectorySignal(Source source) {
        this.source = source;
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

    /**
     * Waits until there was a nudge after the ticket, or the time is over. It may return early: look again then, with a new
     * ticket.
     */
    public void await(long ticket, long nanos) throws InterruptedException {
        if (!watched && nanos > 0 && source.resume(this)) {
            return; // what came before was not told
        }
        lock.lockInterruptibly();
        try {
            missedWakeUps = 0;
            long left = nanos;
            while (nudges == ticket && left > 0) {
                left = nudged.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits. */
    public void wakeUp() {
        lock.lock();
        try {
            nudges++;
            missedWakeUps++;
            nudged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many nudges came since somebody waited for one, or since the watch began. */
    int missedWakeUps() {
        lock.lock();
        try {
            return missedWakeUps;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the kernel reports changes of the folder now; false means that only polling finds them. */
    public boolean watched() {
        return watched;
    }

    void watched(boolean now) {
        lock.lock();
        try {
            watched = now;
            missedWakeUps = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Stops watching. Waits continue as polls. */
    @Override
    public void close() {
        source.stop(this);
    }
}
