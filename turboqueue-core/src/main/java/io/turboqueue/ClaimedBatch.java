package io.turboqueue;

import io.turboqueue.ExclusiveAttempts.Turn;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.layout.DeadName;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.Transitions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch that this consumer has claimed. Not thread-safe: one thread at a time may use it. Its messages are
 * thread-safe and may go to other threads.
 *
 * <p>{@link #ack} deletes the batch. {@link #nack}, or {@link #close} without an ack, gives the whole batch back, to be
 * delivered again after a back-off, or makes it a dead letter if this was its last attempt. {@link #fail} names a
 * single message that failed; it is retried alone. If the process dies, the batch is delivered again, from the last
 * {@link #checkpoint} on. A power cut may also undo the acks and checkpoints of the last moments, because they are not
 * synced to disk.
 *
 * @param <T> the payload's type
 */
public final class ClaimedBatch<T> implements Iterable<Message<T>>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimedBatch.class);

    private final QueueContext<T> queue;
    private final Transitions transitions;
    private final StoredMessages messages;
    private final int first;
    private final FailedMessages failed;
    private final Message.Origin origin;
    private final long number;
    private final boolean careful;
    private final ExclusiveAttempts lastAttempts;
    private Claim claim;
    private int returned;
    private int begunAlone; // the index of the one message that is said to be begun, or -1
    private volatile @Nullable Turn turn;
    private boolean byMessage;
    private boolean counted;
    private Fate fate = Fate.OPEN;
    private boolean closed;

    private enum Fate {
        OPEN,
        ACKED,
        GIVEN_BACK,
        LOST
    }

    ClaimedBatch(QueueContext<T> queue, Claim claim, StoredMessages messages, @Nullable Turn turn) {
        this.queue = queue;
        this.transitions = queue.session().transitions();
        this.claim = claim;
        this.messages = messages;
        this.failed = new FailedMessages(queue);
        this.origin = new Message.Origin(
                queue.folder().name().text(), claim.batch().id(), claim.batch().attempt());
        this.first = (int) claim.batch().offset();
        this.returned = first;
        this.careful = claim.batch().isBegun();
        this.begunAlone = careful ? first : -1;
        this.lastAttempts = queue.session().lastAttempts();
        this.turn = turn;
        countUnlessAlone();
        this.number = claim.number();
        queue.session().claimed(number);
    }

    /**
     * The batch's id. It is the same in every delivery and is never used for another batch, so it can be used to
     * recognise work that was already done.
     *
     * @return the id; never null
     */
    public String id() {
        return claim.batch().id();
    }

    /**
     * How many earlier deliveries of this batch ended without an ack, except those that were {@linkplain #release
     * released} with every message that was handed out recorded as done. It never decreases, not even after a
     * checkpoint or a redrive, so 0 means that no message of this delivery has been handed out before.
     *
     * @return 0 for the first delivery
     */
    public int attempt() {
        return claim.batch().attempt();
    }

    /**
     * How often delivery failed at the current position: by a {@link #nack}, by the death of the process, or because
     * the batch was taken back. A {@link #checkpoint} that advances the position, and a redrive, reset it to 0. At
     * {@code delivery.maxAttempts} failures the batch becomes a dead letter.
     *
     * @return 0 or more
     */
    public int failures() {
        return claim.batch().failures();
    }

    /** Messages that earlier deliveries have done: this one starts after them. */
    int offset() {
        return first;
    }

    /**
     * Whether to deliver it message by message: it has failed, or is in the middle of such a delivery. Then a {@link
     * #checkpoint} comes before each message but the first, and no two of its messages are handled at a time. The claim's
     * name says at each moment which message is begun, so that it alone is to blame if the process dies.
     */
    boolean isCareful() {
        return careful;
    }

    /** Its turn to be handled alone in this process; null if others may be handled beside it. */
    @Nullable
    Turn turn() {
        return turn;
    }

    /** From now on it counts only while one of its messages is handled, and its holder tells when. */
    void handledByMessage() {
        byMessage = true;
        discount();
    }

    private void countUnlessAlone() {
        if (turn == null && !byMessage && !counted) {
            counted = true;
            lastAttempts.opened();
        }
    }

    private void discount() {
        if (counted) {
            counted = false;
            lastAttempts.closed();
        }
    }

    private void endTurn() {
        lastAttempts.end(turn);
        turn = null;
    }

    /**
     * The number of messages in this delivery, which starts after the last checkpoint of earlier ones.
     *
     * @return 0 or more
     */
    public int size() {
        return messages.size() - first;
    }

    /**
     * The messages in the order in which they were sent. Each call starts from the first one. Messages may be kept
     * after the batch is closed; the iterator may not be used after {@link #close}. After a failure, or after a
     * {@link #checkpoint} that followed a single message, the iterator renames the claim before it returns the next
     * message; if the disk fails then, it throws an {@link UncheckedIOException}.
     *
     * @return a new iterator; not thread-safe, without {@code remove}
     */
    @Override
    public Iterator<Message<T>> iterator() {
        return new Messages<>(this::message);
    }

    /**
     * The payloads as they are stored, in the order in which they were sent, neither decoded nor copied: for handlers
     * that cannot afford a copy of each one. Each iteration starts from the first one.
     *
     * @return read-only buffers from position 0 to their limit. Use them before {@link #close} only: later they show
     *     the bytes of other batches
     */
    public Iterable<ByteBuffer> payloads() {
        return () -> new Messages<>(messages::payload);
    }

    private Message<T> message(int index) {
        return new Message<>(index + 1L, messages.get(index), queue.codec(), origin);
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
            if (begunAlone >= 0 && next != begunAlone) {
                notBegunAlone();
            }
            M message = form.apply(next);
            next++;
            returned = Math.max(returned, next);
            return message;
        }
    }

    /** What is to be said before a second message is begun. A claim that is lost needs it no more. */
    private void notBegunAlone() {
        begunAlone = -1;
        try {
            Claim moved = transitions.checkpoint(claim, claim.batch().offset());
            claim = moved == null ? claim : moved;
        } catch (IOException failed) {
            begunAlone = (int) claim.batch().offset();
            throw new UncheckedIOException("batch " + id() + ": the disk fails, so no other message is begun", failed);
        }
    }

    /**
     * Marks the batch as done and deletes it. Messages that {@linkplain #fail failed} are first published for retry; if
     * the process dies between these two steps, they are delivered both alone and with the batch. After this returns,
     * the ack survives the death of any process. A power cut shortly afterwards may undo it, and the batch is then
     * delivered again.
     *
     * @throws ClaimLostException if the claim is lost; the batch is delivered again
     * @throws IOException if the disk fails; the batch is still claimed, and the ack may be tried again
     * @throws IllegalStateException if the batch was already acked or given back
     */
    public void ack() throws IOException {
        requireClaimed();
        publishFailed(messages.size());
        settle(queue.ack(claim), Fate.ACKED);
    }

    /**
     * Gives the batch back. It is delivered again after {@code delivery.retryBackoff}, doubled for each earlier
     * failure, or it becomes a dead letter if this was the last of {@code delivery.maxAttempts}.
     *
     * @throws ClaimLostException if the claim is lost; the batch is delivered again anyway
     * @throws IOException if the disk fails; the batch is still claimed
     * @throws IllegalStateException if the batch was already acked or given back
     */
    public void nack() throws IOException {
        requireClaimed();
        publishFailedBeforeOffset();
        if (queue.isLastAttempt(claim.batch())) {
            deadLetter();
        } else {
            settle(transitions.retryAt(claim, queue.retryAtMillis(claim.batch())), Fate.GIVEN_BACK);
        }
    }

    /**
     * Gives the batch back like {@link #nack()}, but with a delay chosen by the caller.
     *
     * @param delay the least time until the batch is delivered again, from zero, which is at once, to 3650 days; in
     *     milliseconds, any smaller part is ignored
     * @throws ClaimLostException if the claim is lost; the batch is delivered again anyway
     * @throws IOException if the disk fails; the batch is still claimed
     * @throws IllegalArgumentException if the delay is negative or too long; the batch is still claimed
     * @throws IllegalStateException if the batch was already acked or given back
     */
    public void nack(Duration delay) throws IOException {
        requireClaimed();
        SendOptions.requireDelay(delay);
        publishFailedBeforeOffset();
        if (queue.isLastAttempt(claim.batch())) {
            deadLetter();
        } else if (delay.isZero()) {
            settle(transitions.retry(claim), Fate.GIVEN_BACK);
        } else {
            long due = queue.session().clocks().wall().millis() + delay.toMillis();
            settle(transitions.retryAt(claim, due), Fate.GIVEN_BACK);
        }
    }

    private void deadLetter() throws IOException {
        DeadName name = new DeadName(claim.batch().failed(), DeadName.ATTEMPTS);
        LOG.warn(
                "queue {}: batch {} failed {} times at one place and goes to dead/",
                queue.folder().name(),
                id(),
                failures() + 1);
        settle(transitions.deadLetter(claim, name), Fate.GIVEN_BACK);
    }

    /**
     * Records that every message the iterator has returned so far is done, including those that failed: a later
     * delivery of this batch starts after them. After this returns, that survives the death of any process. A power cut
     * shortly afterwards may undo it.
     *
     * <p>When this is called after each message, it also records which message comes next. If the process dies at that
     * message {@code delivery.maxAttempts} times, only that message becomes a dead letter, and the rest of the batch is
     * delivered. Without it, the whole batch becomes a dead letter.
     *
     * @throws ClaimLostException if the claim is lost; the batch is delivered again
     * @throws IOException if the disk fails; the batch is still claimed, and the earlier checkpoint stands
     * @throws IllegalStateException if the batch was already acked or given back
     */
    public void checkpoint() throws IOException {
        checkpoint(returned);
    }

    /** The same for the batch's first messages, this many, whatever the iterator has returned. */
    void checkpoint(int done) throws IOException {
        requireClaimed();
        publishFailed(done);
        if (done > claim.batch().offset()) {
            boolean oneAtATime = done == returned && done == claim.batch().offset() + 1;
            claim = requireHeld(
                    oneAtATime ? transitions.checkpointAndBegin(claim, done) : transitions.checkpoint(claim, done));
            begunAlone = oneAtATime ? done : -1;
            endTurn();
            countUnlessAlone();
        }
    }

    /** Starts the claim's time under {@code delivery.maxProcessingTime} again, though nothing more is done. */
    void renew() throws IOException {
        requireOpen();
        claim = requireHeld(transitions.renew(claim));
    }

    /**
     * Records that this one message failed. The next {@link #ack} or {@link #checkpoint} publishes it in a new batch,
     * to be retried after the back-off; or in {@code dead/}, once it has failed alone {@code delivery.maxAttempts}
     * times. Its {@linkplain Headers headers} then hold the error, the number of its own failures and its
     * {@linkplain Message#identity identity}; everything else stays as it was sent. The other messages are not
     * affected. Until that ack or checkpoint nothing is on disk: if the process dies first, the message is delivered
     * again with its batch.
     *
     * @param message a message of this batch
     * @param error why it failed; not null
     * @throws IllegalArgumentException if the message is not from this batch
     * @throws IllegalStateException if the batch was already acked or given back
     */
    public void fail(Message<T> message, Throwable error) {
        requireOpen();
        Throwable readable = UnreadableException.readable(Objects.requireNonNull(error, "error"));
        if (!message.batchId().equals(id())) {
            throw new IllegalArgumentException(message + " is not of batch " + id());
        }
        failed.add(message, readable);
        queue.failures().failed(message, readable);
    }

    /** Those after the offset are delivered again with the batch; those before it would be lost. */
    private void publishFailedBeforeOffset() throws IOException {
        failed.forgetAfter(claim.batch().offset());
        publishFailed((int) claim.batch().offset());
    }

    /**
     * Publishes those that failed among the batch's first messages, this many. A crash between this and the ack delivers them
     * twice: in their own batch and in the original.
     */
    private void publishFailed(int done) throws IOException {
        if (failed.isAmong(done)) {
            claim = requireHeld(transitions.renew(claim)); // a consumer that lost the claim must not publish from it
            failed.publish(done, claim.batch());
        }
    }

    /**
     * Moves the whole batch to {@code dead/}. It is not delivered again unless someone redrives it.
     *
     * @param reason a word or two that become part of the file's name: at most 40 letters, digits and hyphens; other
     *     characters are replaced
     * @throws ClaimLostException if the claim is lost; the batch is delivered again
     * @throws IOException if the disk fails; the batch is still claimed
     * @throws IllegalStateException if the batch was already acked or given back
     */
    public void deadLetter(String reason) throws IOException {
        requireClaimed();
        publishFailedBeforeOffset();
        settle(transitions.deadLetter(claim, new DeadName(claim.batch().failed(), reason)), Fate.GIVEN_BACK);
    }

    /**
     * Gives back the messages after the last {@link #checkpoint}, to be delivered at once: for a worker that stops. It
     * never counts as a failure. If any of these messages was handed out, by the iterator or by {@link #payloads}, it
     * counts as an {@linkplain #attempt attempt}, since they may have been handled; otherwise, as if the batch had not
     * been claimed, it does not. If no messages are left after the checkpoint, this is an {@link #ack}.
     *
     * @throws ClaimLostException if the claim is lost; the batch is delivered again
     * @throws IOException if the disk fails; the batch is still claimed
     * @throws IllegalStateException if the batch was already acked or given back
     */
    public void release() throws IOException {
        requireClaimed();
        publishFailedBeforeOffset();
        boolean done = claim.batch().offset() == messages.size();
        settle(done ? queue.ack(claim) : unclaim(), Fate.GIVEN_BACK);
    }

    private boolean unclaim() throws IOException {
        boolean delivered = returned > claim.batch().offset();
        return delivered ? transitions.putBackAfterDelivery(claim) : transitions.unclaim(claim);
    }

    /** Leaves it to the session to give it back: the disk fails. */
    void requeueLater() {
        end(Fate.GIVEN_BACK);
        queue.session().requeueLater(claim);
    }

    private Claim requireHeld(@Nullable Claim moved) throws ClaimLostException {
        if (moved == null) {
            end(Fate.LOST);
            throw lost();
        }
        return moved;
    }

    private void settle(boolean done, Fate how) throws ClaimLostException {
        end(done ? how : Fate.LOST);
        if (!done) {
            throw lost();
        }
    }

    ClaimLostException lost() {
        return queue.session().isClosed() ? ClaimLostException.spoolClosed(id()) : ClaimLostException.takenBack(id());
    }

    private void requireClaimed() throws ClaimLostException {
        requireOpen();
        if (queue.session().isClosed()) {
            end(Fate.LOST);
            throw lost();
        }
    }

    private void end(Fate how) {
        fate = how;
        begunAlone = -1;
        discount();
        endTurn();
        queue.session().settled(number);
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
     * Closes the batch. If it was neither acked nor given back, this is a {@link #nack}; a claim that was lost does not
     * need one and is not an error here. Afterwards the iterator and the buffers of {@link #payloads} may not be used
     * any more; messages may. A second call does nothing.
     *
     * @throws IOException if the disk fails; the batch is given back later, by this process or, after its death, by
     *     another
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
                requeueLater();
            }
        }
    }

    @Override
    public String toString() {
        return "ClaimedBatch[" + claim.batch() + "]";
    }
}
