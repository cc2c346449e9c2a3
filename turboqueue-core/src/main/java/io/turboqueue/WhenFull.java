package io.turboqueue;

/** What a producer does when the queue has no room for its next batch. */
public enum WhenFull {
    /** Waits for room, at most {@code backpressure.blockTimeout}. */
    BLOCK,
    /** Throws {@link QueueFullException}. */
    FAIL,
    /** Deletes ready batches: of the least urgent priority there is, the oldest. */
    DROP_OLDEST,
    /** Deletes the batch at hand. */
    DROP_NEWEST
}
