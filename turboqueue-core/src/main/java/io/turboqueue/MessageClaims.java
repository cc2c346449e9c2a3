package io.turboqueue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out a claimed batch's messages one by one and settles the batch as they are settled, in whatever order: it is done
 * as far as every message before is settled. Thread-safe.
 */
final class MessageClaims<T> {

    private static final Logger LOG = LoggerFactory.getLogger(MessageClaims.class);

    private final ClaimedBatch<T> batch;
    private final Iterator<Message<T>> messages;
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet settled = new BitSet(); // by position
    private final int last;
    private int done;
    private int handedOut;
    private boolean stopped;
    private boolean ended;

    MessageClaims(ClaimedBatch<T> batch) {
        this.batch = batch;
        this.messages = batch.iterator();
        this.done = batch.offset();
        this.handedOut = done;
        this.last = done + batch.size();
    }

    /**
     * The next message; empty if all are handed out, or no more shall be.
     *
     * @throws IOException if the disk fails; the message is not handed out
     */
    Optional<ClaimedMessage<T>> next() throws IOException {
        lock.lock();
        try {
            if (stopped || ended || !messages.hasNext()) {
                return Optional.empty();
            }
            Message<T> message = messages.next();
            handedOut++;
            return Optional.of(new ClaimedMessage<>(this, message));
        } catch (UncheckedIOException failed) {
            throw new IOException(failed.getMessage(), failed);
        } finally {
            lock.unlock();
        }
    }

    void ack(Message<T> message) throws IOException {
        lock.lock();
        try {
            requireOpen(message);
            settle(message);
        } finally {
            lock.unlock();
        }
    }

    void fail(Message<T> message, Throwable error) throws IOException {
        lock.lock();
        try {
            requireOpen(message);
            batch.fail(message, error);
            settle(message);
        } finally {
            lock.unlock();
        }
    }

    void failUnlessSettled(Message<T> message) throws IOException {
        lock.lock();
        try {
            if (!ended && !isSettled(message)) {
                fail(message, new IllegalStateException("closed without an ack"));
            }
        } catch (ClaimLostException deliveredAgainAnyway) {
            LOG.debug("{}", deliveredAgainAnyway.getMessage());
        } finally {
            lock.unlock();
        }
    }

    /** Hands out no more. What was not handed out goes back as soon as what was is settled. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            releaseWhenSettled();
        } finally {
            lock.unlock();
        }
    }

    private boolean isSettled(Message<T> message) {
        return message.id() <= done || settled.get((int) message.id());
    }

    private void requireOpen(Message<T> message) throws ClaimLostException {
        if (isSettled(message)) {
            throw new IllegalStateException("message " + message.identity() + " was acked or has failed already");
        }
        if (ended) {
            throw batch.lost();
        }
    }

    /** If the disk fails, what was settled is as before, so that it may be tried again. */
    private void settle(Message<T> message) throws IOException {
        int position = (int) message.id();
        settled.set(position);
        int front = settled.nextClearBit(done + 1) - 1;
        boolean saved = false;
        try {
            if (front == last) {
                batch.ack();
                end();
            } else if (front > done) {
                batch.checkpoint(front);
            }
            done = front;
            saved = true;
            releaseWhenSettled();
        } catch (ClaimLostException lost) {
            end();
            throw lost;
        } finally {
            if (!saved) {
                settled.clear(position);
            }
        }
    }

    /** The rest of the batch is not the caller's: what was acked stays so if the rest cannot be given back now. */
    private void releaseWhenSettled() {
        if (!stopped || ended || done != handedOut) {
            return;
        }
        try {
            batch.release();
        } catch (ClaimLostException deliveredAgainAnyway) {
            LOG.debug("{}", deliveredAgainAnyway.getMessage());
        } catch (IOException later) {
            LOG.warn("batch {} is given back later: {}", batch.id(), later.toString());
            batch.requeueLater();
        }
        end();
    }

    /** Nothing is left to be given back, so a failure to close loses no message. */
    private void end() {
        ended = true;
        try {
            batch.close();
        } catch (IOException failed) {
            LOG.warn("batch {} could not be closed: {}", batch.id(), failed.toString());
        }
    }
}
