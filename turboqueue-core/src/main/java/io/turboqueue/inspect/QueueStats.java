package io.turboqueue.inspect;

/**
 * What is in a queue.
 *
 * @param ready claimable now
 * @param later not due yet
 * @param claimed at the desks of processes
 * @param dead given up
 * @param foreign names in the queue's folders that are no batches: ignored by the queue
 */
public record QueueStats(StateStats ready, StateStats later, StateStats claimed, StateStats dead, long foreign) {}
