package io.turboqueue;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchIds;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.RecycledFiles;
import io.turboqueue.protocol.Transitions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What everything that works on a queue needs to know of it.
 *
 * @param session this process's place in the spool
 * @param folder the queue on disk
 * @param codec payloads to bytes and back
 * @param config the settings
 * @param <T> the payloads' type
 */
record QueueContext<T>(Session session, QueueFolder folder, Codec<T> codec, QueueConfig config) {

    boolean power() {
        return config.durability() == Durability.POWER;
    }

    /** Makes sure that a state's folder is there, and stays there. */
    void ensure(BatchState state) throws IOException {
        folder.ensure(session.disk(), state);
        if (power()) {
            folder.makeDurable(session.disk());
        }
    }

    /** What writes and reads its batches. */
    BatchEngine engine() {
        return session.engine(config.engine());
    }

    private BatchWriter writer(Supplier<Path> loading) {
        return engine().writer(loading, free()::take);
    }

    /** Warns of its messages that fail. */
    FailureLog failures() {
        return session.failures(folder.name());
    }

    /** Emptied files to be filled again. */
    RecycledFiles free() {
        return session.free(folder, power());
    }

    /** Done for good; false if the claim was lost. */
    boolean ack(Claim claim) throws IOException {
        Transitions transitions = session.transitions();
        return config.engine() == Engine.PAGES ? transitions.ack(claim, free()) : transitions.ack(claim);
    }

    /** A batch to be filled in this process's owner directory. */
    OutgoingBatch newBatch(BatchIds ids) {
        return new OutgoingBatch(session, folder, ids.next(), this::writer);
    }

    /** Publishes messages as a batch of their own. */
    void publishReady(List<StoredMessage> messages) throws IOException {
        ensure(BatchState.READY);
        try (OutgoingBatch batch = newBatch(new BatchIds())) {
            for (StoredMessage message : messages) {
                batch.add(message);
            }
            long now = session.clocks().steady().millis();
            batch.publish(
                    new OutgoingBatch.Target(BatchState.READY, BatchName.DEFAULT_PRIORITY, now, BatchName.History.NONE),
                    power());
        }
    }

    /** Whether delivery failed at the next message as often as allowed, the last time while only that one was begun. */
    boolean isNextCondemned(BatchName batch) {
        return batch.isBegun() && batch.failures() >= config.maxAttempts();
    }

    /**
     * Whether one more failure of this batch, of whatever kind the earlier ones were, is one too many: a death during the next
     * delivery would be blamed on its next message, so it must not be that of another batch. Nor may another one kill the
     * process while that message is set aside.
     */
    boolean mustBeAlone(BatchName batch) {
        return batch.failures() > 0 && batch.failures() >= config.maxAttempts() - 1;
    }

    /** Whether this delivery, if it fails, was the last. */
    boolean isLastAttempt(BatchName batch) {
        return batch.failures() + 1 >= config.maxAttempts();
    }

    /**
     * Whether it is the end for a message that failed alone this often. One that was redriven has as many attempts again, but
     * keeps its count.
     */
    boolean isLastFailure(int failures) {
        return failures % config.maxAttempts() == 0;
    }

    /** When a batch whose delivery failed is to be tried again, milliseconds since the epoch. */
    long retryAtMillis(BatchName batch) {
        return retryAtMillis(batch.failures());
    }

    /** The same for what failed this often before. */
    long retryAtMillis(int before) {
        Duration wait = Backoff.after(before % config.maxAttempts(), config.retryBackoff());
        return session.clocks().wall().millis() + wait.toMillis();
    }
}
