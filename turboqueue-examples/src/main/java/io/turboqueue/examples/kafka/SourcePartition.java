package io.turboqueue.examples.kafka;

/**
 * A partition that events come from. The topic's id is part of it: a topic that was deleted and made again begins at
 * offset 0 again, and its events are other events.
 *
 * @param topic its name
 * @param topicId Kafka's id of it
 * @param number the partition's
 */
record SourcePartition(String topic, String topicId, int number) {

    /** The opposite of {@link #text}; neither names nor ids hold a colon. */
    static SourcePartition parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("\"" + text + "\" is not of the form TOPIC:ID:PARTITION");
        }
        return new SourcePartition(parts[0], parts[1], Integer.parseInt(parts[2]));
    }

    String text() {
        return topic + ":" + topicId + ":" + number;
    }
}
