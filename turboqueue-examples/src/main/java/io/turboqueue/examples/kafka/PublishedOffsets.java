package io.turboqueue.examples.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each partition is published, and what of that is still to be committed. Kafka commits the offset of the next
 * record to read. Not thread-safe.
 */
final class PublishedOffsets {

    private final Map<TopicPartition, OffsetAndMetadata> latest = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> toCommit = new HashMap<>();

    /** All records of the partition up to this offset are published. */
    void published(TopicPartition partition, long last) {
        OffsetAndMetadata next = new OffsetAndMetadata(last + 1);
        latest.put(partition, next);
        toCommit.put(partition, next);
    }

    /**
     * Everything before this offset is published or was never there: what lies between the last record and it are markers of
     * transactions, or records that were compacted away.
     */
    void reached(TopicPartition partition, long next) {
        OffsetAndMetadata before = latest.get(partition);
        if (before == null || before.offset() < next) {
            published(partition, next - 1);
        }
    }

    /** What is to be committed; from now on that is in the caller's hands. */
    Map<TopicPartition, OffsetAndMetadata> take() {
        Map<TopicPartition, OffsetAndMetadata> taken = new HashMap<>(toCommit);
        toCommit.clear();
        return taken;
    }

    /** What is to be committed of these partitions, which are then forgotten. */
    Map<TopicPartition, OffsetAndMetadata> takeLast(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> taken = new HashMap<>(toCommit);
        taken.keySet().retainAll(Set.copyOf(partitions));
        forget(partitions);
        return taken;
    }

    /** The commit failed: it is due again, with the newest offsets, for partitions that are not forgotten. */
    void commitFailed(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata newest = latest.get(partition);
            if (newest != null) {
                toCommit.put(partition, newest);
            }
        }
    }

    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(toCommit::remove);
        partitions.forEach(latest::remove);
    }
}
