package io.turboqueue;

import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A claimed batch while its messages are handled, by one thread or several. Thread-safe.
 *
 * <p>It is acked by whoever finishes its last message. What fails when it is settled closes it, so that it is delivered again.
 */
final class ActiveBatch<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final ClaimedBatch<T> batch;
    private final Iterator<Message<T>> messages;
    private final Checkpoints checkpoints;
    private final BitSet finishedAhead = new BitSet(); // counted from the first message, like the numbers below
    private final int size;
    private int finished; // all before it are
    private int recorded;
    private int inHand;
    private long recordedAt;
    private boolean over;

    /**
     * When to record how far a batch is done.
     *
     * @param clock by which time passes
     * @param everyNanos at least this far apart
     * @param renewing whether the claim must be renewed even if no more is done, or others take it back
     */
    record Checkpoints(NanoClock clock, long everyNanos, boolean renewing) {}

    /** A step that settles something on disk. */
    private interface Step {
        void run() throws IOException;
    }

    ActiveBatch(ClaimedBatch<T> batch, Checkpoints checkpoints) {
        batch.handledByMessage();
        this.batch = batch;
        this.messages = batch.iterator();
        this.checkpoints = checkpoints;
        this.size = batch.offset() + batch.size();
        this.finished = batch.offset();
        this.recorded = batch.offset();
        this.recordedAt = checkpoints.clock.nanoTime();
    }

    /** The next message, to be {@linkplain #finished finished} by the caller; null if there is none to begin. */
    @Nullable
    Message<T> take() throws IOException {
        lock.lock();
        try {
            if (over || !messages.hasNext() || (inHand > 0 && batch.isCareful())) {
                return null;
            }
            Message<T> message = messages.next();
            inHand++;
            return message;
        } catch (RuntimeException | Error failed) {
            closeAfter(failed);
            throw failed;
        } finally {
            lock.unlock();
        }
    }

    /** A message that was taken will not be begun. */
    void putDown() {
        lock.lock();
        try {
            inHand--;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A message was handled, or has failed with this error.
     *
     * @throws ClaimLostException if the claim is gone
     * @throws IOException if the disk fails; the batch is over then, and delivered again
     */
    void finished(Message<T> message, @Nullable Throwable error) throws IOException {
        settle(() -> {
            inHand--;
            if (error != null) {
                batch.fail(message, error);
            }
            finishedAhead.set((int) message.id() - 1);
            finished = finishedAhead.nextClearBit(finished);
            if (finished == size) {
                batch.ack();
                end();
            } else {
                checkpointIfDue();
            }
        });
    }

    private void checkpointIfDue() throws IOException {
        long now = checkpoints.clock.nanoTime();
        if (now - recordedAt < checkpoints.everyNanos && !batch.isCareful()) {
            return;
        }
        if (finished > recorded) {
            batch.checkpoint(finished);
            recorded = finished;
            recordedAt = now;
        } else if (checkpoints.renewing) {
            batch.renew();
            recordedAt = now;
        }
    }

    /** Gives back what is not finished, with no attempt counted, unless somebody still has a message of it in hand. */
    void requeue() throws IOException {
        settle(() -> {
            if (inHand == 0) {
                batch.checkpoint(finished);
                batch.release();
                end();
            }
        });
    }

    /** Whether its messages are not to be begun now, since another batch has this process to itself. */
    boolean mustWait(ExclusiveAttempts lastAttempts) {
        return lastAttempts.isTaken() && lastAttempts.mustWait(batch.turn());
    }

    private void end() throws IOException {
        over = true;
        batch.close();
    }

    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    private void settle(Step step) throws IOException {
        lock.lock();
        try {
            if (!over) {
                step.run();
            }
        } catch (IOException | RuntimeException | Error failed) {
            closeAfter(failed);
            throw failed;
        } finally {
            lock.unlock();
        }
    }

    private void closeAfter(Throwable failed) {
        over = true;
        try {
            batch.close();
        } catch (IOException | RuntimeException again) {
            failed.addSuppressed(again);
        }
    }
}
