package io.turboqueue.examples.kafka;

import java.util.List;

/** Work on whole events: it sees key, headers and timestamp, may drop an event, and may make several of one. */
public interface EventProcessor extends EventWork {

    /**
     * The results for an event.
     *
     * @param event its value is null if the record is a tombstone
     * @return none to drop the event; all of them become records of the out-topic, with transactions all or none
     * @throws Exception if this event alone cannot be worked on
     */
    @Override
    List<Event> process(Event event) throws Exception;

    /** Never called by the pipeline, which calls {@link #process}. */
    @Override
    default byte[] apply(byte[] value) {
        throw new UnsupportedOperationException("this work is done by process(Event)");
    }
}
