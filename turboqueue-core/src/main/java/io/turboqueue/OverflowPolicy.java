package io.turboqueue;

/** What a producer does if the queue does not have room for its next batch. */
public enum OverflowPolicy {
    /** Waits for room, at most {@code backpressure.blockTimeout}; then throws {@link QueueFullException}. */
    BLOCK,
    /** Throws {@link QueueFullException}. */
    FAIL,
    /**
     * Deletes ready batches to make room: the oldest of the least urgent priority.
     * {@link QueueProducer#droppedMessages} counts their messages.
     */
    DROP_OLDEST,
    /** Deletes the batch that was about to be published. {@link QueueProducer#droppedMessages} counts its messages. */
    DROP_NEWEST
}
