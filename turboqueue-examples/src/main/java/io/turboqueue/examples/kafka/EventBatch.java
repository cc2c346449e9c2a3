package io.turboqueue.examples.kafka;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition, one after the other, that become one batch.
 *
 * @param partition theirs
 * @param records one at least
 * @param previous the offset of the record before them; -1 if it is not known
 */
record EventBatch(
        SourcePartition partition, List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records, long previous) {

    long first() {
        return records.get(0).offset();
    }

    long last() {
        return records.get(records.size() - 1).offset();
    }

    String id() {
        return SourceOffset.batchId(partition, first(), last());
    }
}
