package io.turboqueue;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims batches for workers, until they stop.
 *
 * @param poll by which they are claimed
 * @param checkpoints when to record how far each is done
 * @param stopping whether no more messages are to be begun
 */
record Claiming<T>(Poll<T> poll, ActiveBatch.Checkpoints checkpoints, BooleanSupplier stopping) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Waits for a batch for this time at most; null if none came. */
    interface Poll<T> {
        @Nullable
        ClaimedBatch<T> poll(Duration timeout) throws IOException, InterruptedException;
    }

    /** Waits for a batch; null if none came for a while, or if the workers stop. */
    @Nullable
    ActiveBatch<T> next() throws IOException, InterruptedException {
        ClaimedBatch<T> claimed = poll.poll(PATIENCE);
        if (claimed == null) {
            return null;
        }
        ActiveBatch<T> batch = new ActiveBatch<>(claimed, checkpoints);
        if (stopping.getAsBoolean()) {
            batch.requeue();
            return null;
        }
        return batch;
    }
}
