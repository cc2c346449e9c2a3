package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.directory.BatchIds;
import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.Claim;
import io.turboqueue.directory.DeadName;
import io.turboqueue.directory.State;
import io.turboqueue.directory.Transitions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch this consumer has claimed, until it is acked or given back. For one thread at a time; the messages may go to
 * others.
 *
 * <p>{@link #ack} ends it for good. {@link #nack}, or {@link #close} without an ack, gives the whole batch back to be
 * delivered again after a back-off, or makes it a dead letter if this was its last attempt. A message that fails alone is
 * named by {@link #fail} and retried alone. If the process dies, the batch is delivered again to somebody, from the last
 * {@link #checkpoint} on.
 *
 * @param <T> the payload's type
 */
public final class ClaimedBatch<T> implements Iterable<Message<T>>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimedBatch.class);

    private final QueueContext<T> queue;
    private final Transitions transitions;
    private final StoredMessages messages;
    private final int first;
    private final Map<Long, StoredMessage> failed = new TreeMap<>();
    private Claim claim;
    private int returned;
    private Fate fate = Fate.OPEN;
    private boolean closed;

    private enum Fate {
        OPEN,
        ACKED,
        GIVEN_BACK,
        LOST
    }

    ClaimedBatch(QueueContext<T> queue, Claim claim, StoredMessages messages) {
        this.queue = queue;
        this.transitions = queue.session().transitions();
        this.claim = claim;
        this.messages = messages;
        this.first = (int) claim.batch().offset();
        this.returned = first;
    }

    /** The batch's id: the same in every delivery, and never another batch's. Made for recognising what was done before. */
    public String id() {
        return claim.batch().id();
    }

    /** Deliveries of this batch that failed or died before this one: 0 the first time. */
    public int attempt() {
        return claim.batch().attempt();
    }

    /** Messages in this delivery: those after the last checkpoint of an earlier one. */
    public int size() {
        return messages.size() - first;
    }

    /**
     * The messages in the order sent. Each call starts from the first again. A message may be kept for as long as you like;
     * the iterator ends with {@link #close}.
     */
    @Override
    public Iterator<Message<T>> iterator() {
        return new Messages<>(this::message);
    }

    /**
     * The payloads as they are stored, in the order sent, neither decoded nor copied: for those to whom a copy of each is too
     * dear. Each call starts from the first again.
     *
     * @return read-only buffers from position 0 to their limit, to be looked at before {@link #close} only: later they show
     *     bytes of other batches
     */
    public Iterable<ByteBuffer> payloads() {
        return () -> new Messages<>(messages::payload);
    }

    private Message<T> message(int index) {
        return new Message<>(index + 1L, messages.get(index), queue.codec(), id());
    }

    /** Goes over the messages of this delivery, in one form or another. */
    private final class Messages<M> implements Iterator<M> {
        private final IntFunction<M> form;
        private int next = first;

        Messages(IntFunction<M> form) {
            this.form = form;
        }

        @Override
        public boolean hasNext() {
            return next < messages.size();
        }

        @Override
        public M next() {
            if (!hasNext()) {
                throw new NoSuchElementException("batch " + id() + " has no more messages");
            }
            if (closed) {
                throw new IllegalStateException("batch " + id() + " is closed");
            }
            M message = form.apply(next);
            next++;
            returned = Math.max(returned, next);
            return message;
        }
    }

    /**
     * Done: the batch is deleted. Messages that {@linkplain #fail failed} are published for retry before that.
     *
     * @throws ClaimLostException if the claim is gone; the batch is delivered again
     * @throws IOException if the disk fails; the batch is still claimed
     * @throws IllegalStateException if it was acked or given back already
     */
    public void ack() throws IOException {
        requireOpen();
        publishFailed();
        settle(queue.ack(claim), Fate.ACKED);
    }

    /**
     * Gives the batch back, to be delivered again after {@code delivery.retryBackoff}, doubled for each earlier attempt; or
     * as a dead letter if this was the last of {@code delivery.maxAttempts}.
     *
     * @throws ClaimLostException if the claim is gone; the batch is delivered again anyway
     * @throws IllegalStateException if it was acked or given back already
     */
    public void nack() throws IOException {
        requireOpen();
        publishFailedBeforeOffset();
        if (queue.isLastAttempt(claim.batch())) {
            bury();
        } else {
            settle(transitions.retryAt(claim, queue.retryAtMillis(claim.batch())), Fate.GIVEN_BACK);
        }
    }

    /** The same, to be delivered again after this delay; zero means at once. At most ten years. */
    public void nack(Duration delay) throws IOException {
        requireOpen();
        SendOptions.requireDelay(delay);
        publishFailedBeforeOffset();
        if (queue.isLastAttempt(claim.batch())) {
            bury();
        } else if (delay.isZero()) {
            settle(transitions.retry(claim), Fate.GIVEN_BACK);
        } else {
            long due = queue.session().clocks().wall().millis() + delay.toMillis();
            settle(transitions.retryAt(claim, due), Fate.GIVEN_BACK);
        }
    }

    private void bury() throws IOException {
        DeadName name = new DeadName(claim.batch().delivered(), DeadName.ATTEMPTS);
        LOG.warn(
                "queue {}: batch {} was delivered {} times and goes to dead/",
                queue.folder().name(),
                id(),
                attempt() + 1);
        settle(transitions.deadLetter(claim, name), Fate.GIVEN_BACK);
    }

    /**
     * Records that every message the iterator has returned so far is done, failed ones included: a later delivery of this
     * batch starts after them.
     *
     * @throws ClaimLostException if the claim is gone
     * @throws IllegalStateException if the batch was acked or given back already
     */
    public void checkpoint() throws IOException {
        requireOpen();
        publishFailed();
        if (returned > claim.batch().offset()) {
            claim = heldOrLost(transitions.checkpoint(claim, returned));
        }
    }

    /**
     * Says that this message alone failed. At the next {@link #ack} or {@link #checkpoint} it goes into a new batch, with
     * the error in its {@linkplain Headers#ERROR headers}, to be retried after the back-off or dead-lettered at the attempt
     * limit. Does nothing to the other messages.
     */
    public void fail(Message<T> message, Throwable error) {
        requireOpen();
        Objects.requireNonNull(error, "error");
        StoredMessage stored = message.stored();
        if (!message.batch().equals(id())) {
            throw new IllegalArgumentException(message + " is not of batch " + id());
        }
        String headers = Headers.failed(stored.headers(), error, attempt() + 1);
        failed.put(
                message.id(),
                new StoredMessage(stored.timeMillis(), stored.key(), headers, stored.payload(), stored.text()));
    }

    /** Those behind the offset are delivered again with the batch; those before it would be lost. */
    private void publishFailedBeforeOffset() throws IOException {
        failed.keySet().removeIf(id -> id > claim.batch().offset());
        publishFailed();
    }

    /** A crash between this and the ack delivers the failed messages twice: in their own batch and in the original. */
    private void publishFailed() throws IOException {
        if (failed.isEmpty()) {
            return;
        }
        claim = heldOrLost(transitions.renew(claim)); // who lost the claim must not publish from it
        BatchName batch = claim.batch();
        State to = queue.isLastAttempt(batch) ? State.DEAD : State.LATER;
        queue.ensure(to);
        try (OutgoingBatch retry = queue.newBatch(new BatchIds())) {
            for (StoredMessage message : failed.values()) {
                retry.add(message);
            }
            retry.publish(
                    new OutgoingBatch.Target(to, batch.priority(), queue.retryAtMillis(batch), attempt() + 1),
                    queue.power());
        }
        if (to == State.DEAD) {
            LOG.warn(
                    "queue {}: {} messages of batch {} failed {} times and go to dead/",
                    queue.folder().name(),
                    failed.size(),
                    id(),
                    attempt() + 1);
        }
        failed.clear();
    }

    /**
     * Sets the whole batch aside in {@code dead/} for good.
     *
     * @param reason a word or two that become part of the file's name: letters, digits and hyphens, 40 at most; the rest is
     *     replaced
     * @throws ClaimLostException if the claim is gone
     * @throws IllegalStateException if the batch was acked or given back already
     */
    public void deadLetter(String reason) throws IOException {
        requireOpen();
        publishFailedBeforeOffset();
        settle(transitions.deadLetter(claim, new DeadName(claim.batch().delivered(), reason)), Fate.GIVEN_BACK);
    }

    /**
     * Gives back what comes after the last {@link #checkpoint}, to be delivered at once and with no attempt counted: for a
     * worker that stops. If nothing comes after it, this is an {@link #ack}.
     *
     * @throws ClaimLostException if the claim is gone
     * @throws IllegalStateException if the batch was acked or given back already
     */
    public void release() throws IOException {
        requireOpen();
        publishFailedBeforeOffset();
        boolean done = claim.batch().offset() == messages.size();
        settle(done ? queue.ack(claim) : transitions.putBack(claim), Fate.GIVEN_BACK);
    }

    private Claim heldOrLost(@Nullable Claim moved) throws ClaimLostException {
        if (moved == null) {
            fate = Fate.LOST;
            throw new ClaimLostException(id());
        }
        return moved;
    }

    private void settle(boolean done, Fate how) throws ClaimLostException {
        fate = done ? how : Fate.LOST;
        if (!done) {
            throw new ClaimLostException(id());
        }
    }

    private void requireOpen() {
        switch (fate) {
            case OPEN -> {}
            case ACKED -> throw new IllegalStateException("batch " + id() + " was acked already");
            case GIVEN_BACK -> throw new IllegalStateException("batch " + id() + " was given back already");
            case LOST -> throw new IllegalStateException("the claim on batch " + id() + " was lost already");
        }
    }

    /**
     * Without an ack before it: a {@link #nack}. A claim that is lost meanwhile needs none. If the disk fails, the batch is
     * given back later, by this process or after it. What was iterated over is no longer there; messages that were got are.
     */
    @Override
    public void close() throws IOException {
        try {
            nackUnlessSettled();
        } finally {
            if (!closed) {
                closed = true;
                messages.close();
            }
        }
    }

    private void nackUnlessSettled() throws IOException {
        if (fate != Fate.OPEN) {
            return;
        }
        try {
            nack();
        } catch (ClaimLostException deliveredAgainAnyway) {
            LOG.debug("queue {}: {}", queue.folder().name(), deliveredAgainAnyway.getMessage());
        } finally {
            if (fate == Fate.OPEN) {
                fate = Fate.GIVEN_BACK;
                queue.session().giveBackLater(claim);
            }
        }
    }

    @Override
    public String toString() {
        return "ClaimedBatch[" + claim.batch() + "]";
    }
}
