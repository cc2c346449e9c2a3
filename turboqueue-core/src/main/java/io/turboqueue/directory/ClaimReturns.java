package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ToIntFunction;

/**
 * Gives claims of owners that are dead or too slow back to their queue, with one more delivery counted. Thread-safe.
 *
 * @param disk the disk
 * @param spool the spool of the claims' queues
 * @param maxAttempts each queue's limit; at the limit a batch becomes a dead letter
 */
public record ClaimReturns(Disk disk, SpoolFolder spool, ToIntFunction<QueueName> maxAttempts) {

    /** Where a claim went. */
    public enum Outcome {
        READY,
        DEAD,
        /** The owner, or another process, was first. */
        GONE
    }

    /** Moves one claim. */
    public Outcome giveBack(Path claim, DeskEntry.Claimed claimed) throws IOException {
        QueueFolder queue = spool.queue(claimed.queue());
        BatchName batch = claimed.batch().delivered();
        if (batch.attempt() >= maxAttempts.applyAsInt(claimed.queue())) {
            queue.ensure(disk, State.DEAD);
            Path dead = queue.dead(new DeadName(batch, DeadName.ATTEMPTS));
            return disk.rename(claim, dead) ? Outcome.DEAD : Outcome.GONE;
        }
        queue.ensure(disk, State.READY);
        return disk.rename(claim, queue.of(State.READY, batch)) ? Outcome.READY : Outcome.GONE;
    }
}
