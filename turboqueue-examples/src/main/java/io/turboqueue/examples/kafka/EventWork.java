package io.turboqueue.examples.kafka;

/**
 * The work that is done to each event: what a team replaces by its own. An implementation has a public constructor
 * without arguments and is named by the setting {@code work.class}. Each worker process makes one and calls it from one
 * thread.
 */
public interface EventWork {

    /**
     * The result for an event. The same event must have the same result, since after a crash it may be worked on again.
     *
     * @param value the record's value; a record without one (a tombstone) is passed on without being worked on
     * @throws Exception if this event alone cannot be worked on; it is tried again, and then becomes a dead letter
     */
    byte[] apply(byte[] value) throws Exception;
}
