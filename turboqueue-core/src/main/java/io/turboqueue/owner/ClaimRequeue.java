package io.turboqueue.owner;

import io.turboqueue.disk.BatchRename;
import io.turboqueue.disk.Disk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gives claims of owners that are dead or too slow back to their queue, with one more delivery and failure counted. Thread-safe.
 *
 * @param disk the disk
 * @param spool the spool of the claims' queues
 * @param maxAttempts each queue's limit of failures at one place. At the limit a batch becomes a dead letter, or, if only one
 *     message was begun, waits for the next consumer to set that message aside
 */
public record ClaimRequeue(Disk disk, SpoolFolder spool, ToIntFunction<QueueName> maxAttempts) {

    /** Where a claim went. */
    public enum Outcome {
        READY,
        DEAD,
        /** The owner, or another process, was first. */
        GONE
    }

    /** The same for one run over many claims: each queue's limit, which takes two files to find, is asked for once. */
    ClaimRequeue forOneRun() {
        Map<QueueName, Integer> limits = new HashMap<>();
        return new ClaimRequeue(disk, spool, queue -> limits.computeIfAbsent(queue, maxAttempts::applyAsInt));
    }

    /** Moves one claim. */
    public Outcome requeue(Path claim, OwnerEntry.Claimed claimed) throws IOException {
        QueueFolder queue = spool.queue(claimed.queue());
        BatchName batch = claimed.batch().died();
        String reason = reasonToGiveUp(claimed.batch(), maxAttempts.applyAsInt(claimed.queue()));
        if (reason != null) {
            queue.ensure(disk, BatchState.DEAD);
            Path dead = queue.dead(new DeadName(claimed.batch().failed(), reason));
            return BatchRename.move(disk, claim, dead) ? Outcome.DEAD : Outcome.GONE;
        }
        queue.ensure(disk, BatchState.READY);
        return BatchRename.move(disk, claim, queue.of(BatchState.READY, batch)) ? Outcome.READY : Outcome.GONE;
    }

    /**
     * Where one message alone was begun, it alone is at fault, and the next consumer sets it aside. If that fails as often
     * again, because the batch cannot even be opened, it is given up as a whole.
     */
    private static @Nullable String reasonToGiveUp(BatchName claimed, int limit) {
        long failures = claimed.failures() + 1L;
        if (claimed.isBegun()) {
            return failures >= 2L * limit ? DeadName.DEATHS : null;
        }
        return failures >= limit ? DeadName.ATTEMPTS : null;
    }
}
