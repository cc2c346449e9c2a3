package io.turboqueue;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.directory.BatchIds;
import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.Claim;
import io.turboqueue.directory.FreeFiles;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.State;
import io.turboqueue.directory.Transitions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
    void ensure(State state) throws IOException {
        folder.ensure(session.disk(), state);
        if (power()) {
            folder.makeDurable(session.disk());
        }
    }

    /** What writes and reads its batches. */
    BatchEngine engine() {
        return session.engine(config.engine());
    }

    private BatchWriter writer(Path loading) {
        return engine().writer(loading, free()::take);
    }

    /** Emptied files to be filled again. */
    FreeFiles free() {
        return session.free(folder, power());
    }

    /** Done for good; false if the claim was lost. */
    boolean ack(Claim claim) throws IOException {
        Transitions transitions = session.transitions();
        return config.engine() == Engine.PAGES ? transitions.ack(claim, free()) : transitions.ack(claim);
    }

    /** A batch to be filled at this process's desk. */
    OutgoingBatch newBatch(BatchIds ids) {
        return new OutgoingBatch(session, folder, ids.next(), this::writer);
    }

    /** Publishes messages as a batch of their own. */
    void publishReady(List<StoredMessage> messages) throws IOException {
        ensure(State.READY);
        try (OutgoingBatch batch = newBatch(new BatchIds())) {
            for (StoredMessage message : messages) {
                batch.add(message);
            }
            long now = session.clocks().steady().millis();
            batch.publish(new OutgoingBatch.Target(State.READY, BatchName.DEFAULT_PRIORITY, now, 0), power());
        }
    }

    /** Whether this delivery, if it fails, was the last. */
    boolean isLastAttempt(BatchName batch) {
        return batch.attempt() + 1 >= config.maxAttempts();
    }

    /** When a batch whose delivery failed is to be tried again, milliseconds since the epoch. */
    long retryAtMillis(BatchName batch) {
        Duration wait = Backoff.after(batch.attempt(), config.retryBackoff());
        return session.clocks().wall().millis() + wait.toMillis();
    }
}
