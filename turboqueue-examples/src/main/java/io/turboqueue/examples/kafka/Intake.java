package io.turboqueue.examples.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The records that were read of each partition, on their way into the in-queue.
 *
 * <p><b>Nothing of a partition is published beyond a record that is not.</b> A batch that a full queue takes only in part
 * is continued later; if its partition is given up first, the rest of it and all that was read after it are dropped, and
 * the next owner of the partition reads them again. After an exception nothing more may be published: call only
 * {@link #offsets} and {@link #close}. Not thread-safe.
 */
final class Intake implements AutoCloseable {

    private final InQueue queue;
    private final PartitionBuffer.Limits limits;
    private final PublishedOffsets offsets = new PublishedOffsets();
    private final Map<TopicPartition, PartitionBuffer> buffers = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private String topicId = "";
    private long published;

    Intake(InQueue queue, PartitionBuffer.Limits limits) {
        this.queue = queue;
        this.limits = limits;
    }

    /** The topic's id from now on; it becomes part of the ids of batches. */
    void topicId(String id) {
        topicId = id;
    }

    void add(
            TopicPartition partition,
            Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records,
            long nowNanos) {
        PartitionBuffer buffer = buffers.computeIfAbsent(
                partition,
                any -> new PartitionBuffer(
                        new SourcePartition(partition.topic(), topicId, partition.partition()), limits));
        records.forEach(record -> buffer.add(record, nowNanos));
    }

    /**
     * How far a partition was read. Call it after its records were added.
     *
     * @param next the offset of the next record that may come
     */
    void reached(TopicPartition partition, long next) {
        positions.put(partition, next);
    }

    /** About what it holds in memory. */
    long bytes() {
        return buffers.values().stream().mapToLong(PartitionBuffer::bytes).sum();
    }

    /** How far each partition is published. */
    PublishedOffsets offsets() {
        return offsets;
    }

    /** How many records were published since the last call. */
    long takePublished() {
        long taken = published;
        published = 0;
        return taken;
    }

    /**
     * Publishes every batch that is full, or whose first record came before that moment.
     *
     * @return false if the queue is full and something is left
     */
    boolean publish(long openedBeforeNanos) throws IOException, InterruptedException, PipelineException {
        if (!finishAtWork()) {
            return false;
        }
        for (PartitionBuffer buffer : buffers.values()) {
            if (!publish(buffer, openedBeforeNanos)) {
                return false;
            }
        }
        settlePositions();
        return true;
    }

    /** With nothing left to publish, a partition's offset is where it was read to: behind markers of transactions too. */
    private void settlePositions() {
        for (Iterator<Map.Entry<TopicPartition, Long>> all =
                        positions.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<TopicPartition, Long> position = all.next();
            PartitionBuffer buffer = buffers.get(position.getKey());
            if (buffer == null || buffer.isEmpty()) {
                offsets.reached(position.getKey(), position.getValue());
                all.remove();
            }
        }
    }

    private boolean publish(PartitionBuffer buffer, long openedBeforeNanos)
            throws IOException, InterruptedException, PipelineException {
        Optional<EventBatch> batch = buffer.take(openedBeforeNanos);
        while (batch.isPresent()) {
            queue.begin(batch.get());
            if (!finishAtWork()) {
                return false;
            }
            batch = buffer.take(openedBeforeNanos);
        }
        return true;
    }

    private boolean finishAtWork() throws IOException, InterruptedException, PipelineException {
        EventBatch batch = queue.atWork();
        if (!queue.publish()) {
            return false;
        }
        if (batch != null) {
            published(batch, batch.last());
        }
        return true;
    }

    private void published(EventBatch batch, long last) {
        offsets.published(partitionOf(batch), last);
        published += batch.records().stream()
                .filter(record -> record.offset() <= last)
                .count();
    }

    /**
     * Gives partitions up: publishes what was read of them as far as the queue has room, drops the rest, and forgets them
     * but for {@link #offsets}. A batch that is half sent is published up to there, even beyond the queue's bound.
     */
    void handOver(Collection<TopicPartition> partitions) throws IOException, InterruptedException, PipelineException {
        partitions.forEach(positions::remove); // some of what was read may be dropped
        stopAtWork(partitions);
        for (TopicPartition partition : partitions) {
            PartitionBuffer buffer = buffers.remove(partition);
            if (buffer != null && queue.atWork() == null && !publish(buffer, Long.MAX_VALUE)) {
                stopAtWork(partitions);
            }
        }
    }

    /** Publishes what was sent of the batch at work, if it is of one of these; if not all, what follows it is dropped. */
    private void stopAtWork(Collection<TopicPartition> partitions) throws IOException {
        EventBatch batch = queue.atWork();
        if (batch == null || !partitions.contains(partitionOf(batch))) {
            return;
        }
        long last = queue.finish();
        if (last >= 0) {
            published(batch, last);
        }
        if (last < batch.last()) {
            buffers.remove(partitionOf(batch));
        }
    }

    /** Partitions that another member has already, and reads again from what was committed. */
    void forget(Collection<TopicPartition> partitions) throws IOException {
        partitions.forEach(buffers::remove);
        partitions.forEach(positions::remove);
        EventBatch batch = queue.atWork();
        if (batch != null && partitions.contains(partitionOf(batch))) {
            queue.finish();
        }
        offsets.forget(partitions);
    }

    private static TopicPartition partitionOf(EventBatch batch) {
        return new TopicPartition(batch.partition().topic(), batch.partition().number());
    }

    /** Publishes what was sent to the queue, without counting it as published: it may be read and published again. */
    @Override
    public void close() throws IOException {
        queue.close();
    }
}
