package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import java.util.Map;
import java.util.Optional;

/**
 * Where an event stood in Kafka; a message carries it in its headers through both queues, and the out-record as well.
 *
 * <p>{@code kafka.batch} is the batch's id, made of topic, partition and offset range: {@code
 * flights:Vd3...:2:20000-29999}. A range that is read again has the same id when it is cut at the same borders, and in any
 * case the same offsets. {@code kafka.offset} is the event's own offset; {@code 41-42} when no event has offset 41 (it was
 * compacted away, or belongs to a transaction's marker), so that a set of offsets can be without gaps.
 *
 * @param partition where
 * @param first the first offset that is its own
 * @param offset its offset
 */
record SourceOffset(SourcePartition partition, long first, long offset) {

    static final String BATCH = "kafka.batch";
    static final String OFFSET = "kafka.offset";

    /** That of a message; empty if the message did not come from Kafka through the way in. */
    static Optional<SourceOffset> of(Message<byte[]> message) {
        Map<String, String> headers = message.headers();
        String batch = headers.get(BATCH);
        String offset = headers.get(OFFSET);
        if (batch == null || offset == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(batch, offset));
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    static SourceOffset parse(String batch, String offset) {
        SourcePartition partition = SourcePartition.parse(batch.substring(0, batch.lastIndexOf(':')));
        int dash = offset.indexOf('-');
        long last = Long.parseLong(offset.substring(dash + 1));
        return new SourceOffset(partition, dash < 0 ? last : Long.parseLong(offset.substring(0, dash)), last);
    }

    /** The id of a batch. */
    static String batchId(SourcePartition partition, long first, long last) {
        return partition.text() + ":" + first + "-" + last;
    }

    /** The header's value for an event that follows the one of offset {@code previous}; -1 if that is not known. */
    static String offsetText(long previous, long offset) {
        return previous < 0 || previous == offset - 1 ? Long.toString(offset) : (previous + 1) + "-" + offset;
    }
}
