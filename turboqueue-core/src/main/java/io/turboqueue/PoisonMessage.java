package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.config.Setting;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchIds;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.Transitions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the next message of a batch aside, since its delivery failed as often as allowed, the last time by the death of the
 * process or because it took too long. OwnerRecovery cannot do it: it only renames, and this one message must be written to a batch
 * of its own. So the next consumer does it before it delivers the
 * rest.
 *
 * <p>The message is published in {@code dead/} first and left out of its batch after that. A death in between makes the next
 * consumer do both again: the message may then be in {@code dead/} twice, and never nowhere.
 *
 * @param queue its queue
 * @param claim the batch, as it was claimed
 * @param messages what is in it
 */
record PoisonMessage<T>(QueueContext<T> queue, Claim claim, StoredMessages messages) {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonMessage.class);

    /** A batch with that many of them is not worth another try: every message of it is likely to be one. */
    static final int MAX_IN_A_BATCH = 3;

    /** The claim on the rest of the batch; null if there is nothing left of it to deliver, or the claim was lost. */
    @Nullable
    Claim setAside() throws IOException {
        Transitions transitions = queue.session().transitions();
        Claim held = transitions.renew(claim); // a consumer that lost the claim must not publish from it
        if (held == null) {
            return null;
        }
        boolean settled = false;
        try {
            Claim rest = setAside(held);
            settled = true;
            return rest;
        } catch (IOException diskAtFault) {
            LOG.warn(
                    "queue {}: message {} of batch {} cannot be set aside now: {}",
                    queue.folder().name(),
                    held.batch().offset() + 1,
                    held.batch().id(),
                    diskAtFault.toString());
            transitions.unclaimUntil(held, queue.retryAtMillis(held.batch()));
            settled = true;
            return null;
        } finally {
            if (!settled) {
                queue.session().requeueLater(held);
            }
        }
    }

    private @Nullable Claim setAside(Claim held) throws IOException {
        Transitions transitions = queue.session().transitions();
        publish(held.batch());
        BatchName rest = held.batch().withoutNext();
        if (rest.offset() == messages.size()) {
            transitions.ack(held);
            return null;
        }
        if (rest.history().killed() >= MAX_IN_A_BATCH) {
            giveUp(held, rest);
            return null;
        }
        return transitions.leaveOutNext(held);
    }

    private void publish(BatchName batch) throws IOException {
        String error = error(batch.failures());
        StoredMessage message = failed(batch, error);
        BatchName.History history = new BatchName.History(batch.attempt(), batch.failures(), 0, 0, false);
        queue.ensure(BatchState.DEAD);
        try (OutgoingBatch dead = queue.newBatch(new BatchIds())) {
            dead.add(message);
            dead.publish(
                    new OutgoingBatch.Target(
                            BatchState.DEAD, batch.priority(), batch.dueMillis(), history, DeadName.DEATHS),
                    queue.power());
        }
        LOG.warn(
                "queue {}: message {} of batch {} goes to dead/: {}",
                queue.folder().name(),
                batch.offset() + 1,
                batch.id(),
                error);
    }

    /** Earlier failures may have been nacks; the last one was not, since a nack at the limit buries the whole batch. */
    private static String error(int failures) {
        return failures + (failures == 1 ? " delivery" : " deliveries")
                + " failed at this place, the last because the process died at this message or took longer than "
                + Setting.MAX_PROCESSING_TIME.key();
    }

    private StoredMessage failed(BatchName batch, String error) {
        StoredMessage stored = messages.get((int) batch.offset());
        Message.Origin origin = new Message.Origin(queue.folder().name().text(), batch.id(), batch.attempt());
        String identity = new Message<>(batch.offset() + 1, stored, queue.codec(), origin).identity();
        int failures = Headers.failures(stored.headers()) + 1;
        return Headers.failed(stored, new Headers.Failure(error, failures, identity));
    }

    private void giveUp(Claim held, BatchName rest) throws IOException {
        LOG.warn(
                "queue {}: what is left of batch {} goes to dead/: the process died or took too long at {} messages of it",
                queue.folder().name(),
                rest.id(),
                MAX_IN_A_BATCH);
        queue.session().transitions().deadLetter(held, new DeadName(rest, DeadName.DEATHS));
    }
}
