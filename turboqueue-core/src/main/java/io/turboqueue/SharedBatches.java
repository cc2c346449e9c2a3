package io.turboqueue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Batches whose messages are shared by several threads. Thread-safe.
 *
 * <p>A batch is claimed when the messages of those at hand have all been begun, so threads need not wait for the slowest message
 * of a batch. As every batch at hand is waiting for some message, there are no more of them than threads.
 */
final class SharedBatches<T> implements WorkSource<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Claiming<T> claiming;
    private final @Nullable KeyOrder<T> order;
    private final int mostBatches;
    private final List<ActiveBatch<T>> batches = new ArrayList<>();
    private int threads;
    private boolean polling;

    /**
     * Shared by this many threads.
     *
     * @param order keeps the messages of a key in order; null if they may overtake each other
     */
    SharedBatches(Claiming<T> claiming, int threads, @Nullable KeyOrder<T> order) {
        this.claiming = claiming;
        this.threads = threads;
        this.mostBatches = threads;
        this.order = order;
    }

    @Override
    public @Nullable Work<T> next() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            Work<T> work = available();
            while (work == null && !isStopping()) {
                batches.removeIf(ActiveBatch::isOver); // also those whose next message could not be taken
                if (polling || batches.size() >= mostBatches || isFull()) {
                    changed.await();
                } else if (!claimed()) {
                    return null;
                }
                work = available();
            }
            return work;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopping() {
        return claiming.stopping().getAsBoolean();
    }

    private boolean isFull() {
        return order != null && order.isFull();
    }

    /** One thread at a time waits for the next batch, the others for what it finds. */
    private boolean claimed() throws IOException, InterruptedException {
        polling = true;
        lock.unlock();
        ActiveBatch<T> found = null;
        try {
            found = claiming.next();
        } finally {
            lock.lock();
            polling = false;
            if (found != null) {
                batches.add(found);
            }
            changed.signalAll();
        }
        return found != null;
    }

    /** Whatever waits when the workers stop, even for its key, is given back by the last thread that leaves. */
    private @Nullable Work<T> available() throws IOException {
        if (isStopping()) {
            return null;
        }
        Work<T> waiting = order == null ? null : order.next();
        if (waiting != null) {
            return waiting;
        }
        for (ActiveBatch<T> batch : batches) {
            Work<T> work = takeFrom(batch);
            if (work != null) {
                return work;
            }
        }
        return null;
    }

    private @Nullable Work<T> takeFrom(ActiveBatch<T> batch) throws IOException {
        while (!isFull()) {
            Message<T> message = batch.take();
            if (message == null) {
                return null;
            }
            Work<T> work = new Work<>(batch, message);
            if (order == null || order.begins(work)) {
                return work;
            }
        }
        return null;
    }

    @Override
    public void done(Work<T> work) {
        lock.lock();
        try {
            if (order != null) {
                order.done(work);
            }
            batches.removeIf(ActiveBatch::isOver);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The last thread gives back everything. */
    @Override
    public void leave() throws IOException {
        lock.lock();
        try {
            threads--;
            if (threads == 0) {
                giveBackAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void giveBackAll() throws IOException {
        if (order != null) {
            order.putDownAll();
        }
        IOException failure = null;
        for (ActiveBatch<T> batch : batches) {
            try {
                batch.requeue();
            } catch (IOException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
