package io.turboqueue.examples.kafka;

import java.util.List;

/**
 * Work on many events at a time, for what is cheaper so: one call of a model, one statement for a thousand rows.
 *
 * <p>If {@link #processBatch} fails, or a process died at it, the same events are worked on one by one, so that the event at
 * fault is found and the others have their results. A stop waits until the batch at hand is done.
 */
public interface BatchEventProcessor extends EventProcessor {

    /**
     * The results for each of the events.
     *
     * @param events in the order of their offsets, up to {@code queue.batchMessages}
     * @return for each event the list of its results, in the same order
     * @throws Exception if it cannot be done; the events are then worked on one by one
     */
    List<List<Event>> processBatch(List<Event> events) throws Exception;

    /** A batch of one. */
    @Override
    default List<Event> process(Event event) throws Exception {
        return processBatch(List.of(event)).get(0);
    }
}
