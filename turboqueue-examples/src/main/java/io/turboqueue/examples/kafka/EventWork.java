package io.turboqueue.examples.kafka;

import java.io.IOException;
import java.util.List;

/**
 * The work that is done to each event: what a team replaces by its own. An implementation has a public constructor
 * without arguments and is named by the setting {@code work.class}; its jars are named by {@code work.classPath}. Each worker
 * process makes one, opens it, calls it from one thread, and closes it when the process ends in order.
 *
 * <p>For work that turns a value into another value, {@link #apply} is all there is to write. Work that wants to see keys,
 * headers and timestamps, to drop events, or to make several of one, implements {@link EventProcessor}; work that is faster
 * on many events at a time, {@link BatchEventProcessor}.
 *
 * <p>Whatever it throws for an event, errors included, is a failure of that event alone. The event is tried again
 * {@code queue.maxAttempts} times, and then becomes a dead letter. The same event must have the same results, since after a
 * crash it may be worked on again.
 */
@FunctionalInterface
public interface EventWork extends AutoCloseable {

    /**
     * The result's value for an event's value. Key, headers and timestamp stay as they are.
     *
     * @param value the record's value; a record without one (a tombstone) is passed on without being worked on
     * @return the value; null for a tombstone
     * @throws Exception if this event alone cannot be worked on
     */
    byte[] apply(byte[] value) throws Exception;

    /**
     * The results for an event. By default one, with the value that {@link #apply} returns.
     *
     * @return none to drop the event; all of them become records of the out-topic, with transactions all or none
     * @throws Exception if this event alone cannot be worked on
     */
    default List<Event> process(Event event) throws Exception {
        byte[] value = event.value();
        return List.of(value == null ? event : event.withValue(apply(value)));
    }

    /**
     * Called once, before the first event. The class path of the work is this thread's context class loader.
     *
     * @throws Exception if the work cannot be done at all; the worker ends with its message and is started again
     */
    default void open() throws Exception {}

    /**
     * Called once, after the last event of a worker that ends in order. One that is killed does not call it.
     *
     * @throws IOException if something could not be closed; it is logged
     */
    @Override
    default void close() throws IOException {}
}
