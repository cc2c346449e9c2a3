package io.turboqueue.examples.kafka;

import io.turboqueue.QueueInspector;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The way in: a member of a consumer group that puts a topic's records into the in-queue.
 *
 * <p><b>Promise: every record at least once.</b> An offset is committed only after the batch that holds its record is
 * published, with {@code queue.durability: power} after it is on the disk. Killed in between, the range is read again, by
 * this process or another member, and published a second time: its offsets are the same (see {@link SourceOffset}), so
 * that the way out can recognise it.
 *
 * <p>Each batch holds records of one partition, one after the other. When the in-queue is full all partitions are paused,
 * and polling goes on without records, so that the group sees a member that lives; they are resumed when the queue is half
 * empty. Partitions are handed over (cooperatively) and given up on SIGTERM only after what was read of them is published
 * and committed, even if that takes the full queue beyond its bound by a batch.
 */
final class KafkaToQueue implements ConsumerRebalanceListener, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);
    private static final int BUFFERED_PART_OF_HEAP = 4;

    private final PipelineProcess process;
    private final Topics topics;
    private final KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer;
    private final InQueue queue;
    private final QueueInspector inspector;
    private final Map<TopicPartition, PartitionBuffer> buffers = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> published = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> latest = new HashMap<>();
    private String topicId = "";
    private boolean full;

    private KafkaToQueue(PipelineProcess process, Topics topics, TurboQueue<byte[]> queue)
            throws IOException, PipelineException {
        this.process = process;
        this.topics = topics;
        this.queue = InQueue.open(queue);
        this.inspector = queue.inspector();
        this.consumer = KafkaClients.of(process.settings()).member(process.number());
    }

    /** Runs one: {@code SETTINGS-FILE NUMBER}. */
    public static void main(String[] args) throws IOException, InterruptedException, PipelineException {
        PipelineProcess.run(args, KafkaToQueue::run);
    }

    private static void run(PipelineProcess process) throws IOException, InterruptedException, PipelineException {
        try (Topics topics = Topics.open(process.settings());
                Spool spool = Spool.open(process.settings().spool());
                KafkaToQueue bridge = new KafkaToQueue(process, topics, process.inQueue(spool))) {
            bridge.run();
        } catch (InterruptException interrupted) {
            throw new InterruptedException(interrupted.getMessage());
        }
    }

    private void run() throws IOException, InterruptedException, PipelineException {
        String topic = process.settings().inTopic();
        topicId = topicId();
        consumer.subscribe(List.of(topic), this);
        while (!process.stop().given()) {
            ConsumerRecords<byte @Nullable [], byte @Nullable []> records = poll();
            long now = System.nanoTime();
            for (TopicPartition partition : records.partitions()) {
                PartitionBuffer buffer = buffer(partition);
                for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : records.records(partition)) {
                    buffer.add(record, now);
                }
            }
            process.progress().received(records.count());
            publish(now - process.settings().inLinger().toNanos());
            commit();
            process.progress().state(full ? "paused" : "running");
        }
    }

    private String topicId() throws PipelineException, InterruptedException {
        return topics.require(process.settings().inTopic(), AclOperation.READ)
                .topicId()
                .toString();
    }

    private ConsumerRecords<byte @Nullable [], byte @Nullable []> poll() throws PipelineException {
        try {
            return consumer.poll(POLL);
        } catch (InterruptException interrupted) {
            throw interrupted;
        } catch (KafkaException failed) {
            throw new PipelineException(
                    "reading topic \"" + process.settings().inTopic() + "\" as group \""
                            + process.settings().inGroup() + "\" failed: " + Refusals.sentence(failed),
                    failed);
        }
    }

    private PartitionBuffer buffer(TopicPartition partition) {
        PartitionBuffer.Limits limits = new PartitionBuffer.Limits(
                process.settings().number(PipelineSetting.BATCH_MESSAGES),
                process.settings().batchBytes() / 2); // the other half is for what headers take
        return buffers.computeIfAbsent(
                partition,
                any -> new PartitionBuffer(
                        new SourcePartition(partition.topic(), topicId, partition.partition()), limits));
    }

    /** Publishes every batch that is full or old enough, as long as there is room. */
    private void publish(long openedBeforeNanos) throws IOException, InterruptedException, PipelineException {
        if (full && !hasRoomAgain()) {
            return;
        }
        if (!finishAtWork()) {
            return;
        }
        long limit = tooMuchBuffered() ? Long.MAX_VALUE : openedBeforeNanos;
        for (PartitionBuffer buffer : buffers.values()) {
            if (!publish(buffer, limit)) {
                return;
            }
        }
        if (full) {
            full = false;
            consumer.resume(consumer.paused());
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

    /** False if the queue is full, and all partitions are paused. */
    private boolean finishAtWork() throws IOException, InterruptedException, PipelineException {
        EventBatch batch = queue.atWork();
        if (!queue.publish()) {
            full = true;
            consumer.pause(consumer.assignment());
            return false;
        }
        if (batch != null) {
            published(batch.partition(), batch.last());
            process.progress().sent(batch.records().size());
        }
        return true;
    }

    private void published(SourcePartition partition, long last) {
        TopicPartition of = new TopicPartition(partition.topic(), partition.number());
        published.put(of, new OffsetAndMetadata(last + 1));
        latest.put(of, new OffsetAndMetadata(last + 1));
    }

    /** Half empty: so that partitions are not paused and resumed with each batch that is claimed. */
    private boolean hasRoomAgain() throws IOException {
        int most = process.settings().number(PipelineSetting.MAX_READY_BATCHES);
        return inspector.stats().ready().batches() <= most / 2;
    }

    private boolean tooMuchBuffered() {
        long bytes = buffers.values().stream().mapToLong(PartitionBuffer::bytes).sum();
        return bytes > Runtime.getRuntime().maxMemory() / BUFFERED_PART_OF_HEAP;
    }

    /** Does not wait for the answer, so that a broker that is away holds nobody up. */
    private void commit() {
        if (!published.isEmpty()) {
            consumer.commitAsync(new HashMap<>(published), this::committed);
            published.clear();
        }
    }

    /** What could not be committed is so with the next round, and by then may have come further. */
    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failed) {
        if (failed != null) {
            for (TopicPartition partition : offsets.keySet()) {
                OffsetAndMetadata newest = latest.get(partition);
                if (newest != null) {
                    published.put(partition, newest);
                }
            }
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        process.log("assigned " + partitions);
        try {
            topicId = topicId(); // the topic may have been made anew
        } catch (PipelineException failed) {
            throw new KafkaException(failed.getMessage(), failed);
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
        if (full) {
            consumer.pause(partitions);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        process.log("handing over " + partitions);
        try {
            finish(partitions);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (PipelineException failed) {
            throw new KafkaException(failed.getMessage(), failed);
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
        commitNow(partitions);
    }

    /** Somebody else has them already: what was read of them is his to read again. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        process.log("lost " + partitions + ": this member was away for too long");
        partitions.forEach(buffers::remove);
        partitions.forEach(published::remove);
        partitions.forEach(latest::remove);
        EventBatch atWork = queue.atWork();
        if (atWork != null && partitions.contains(partitionOf(atWork))) {
            try {
                queue.finish();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** Publishes what was read of these partitions, or forgets it if the queue is full. */
    private void finish(Collection<TopicPartition> partitions)
            throws IOException, InterruptedException, PipelineException {
        finishBeyondBound(partitions);
        for (TopicPartition partition : partitions) {
            PartitionBuffer buffer = buffers.remove(partition);
            if (buffer != null && queue.atWork() == null) {
                publish(buffer, Long.MAX_VALUE);
                finishBeyondBound(partitions);
            }
        }
    }

    private void finishBeyondBound(Collection<TopicPartition> partitions) throws IOException {
        EventBatch atWork = queue.atWork();
        if (atWork != null && partitions.contains(partitionOf(atWork))) {
            long last = queue.finish();
            if (last >= 0) {
                published(atWork.partition(), last);
            }
        }
    }

    private static TopicPartition partitionOf(EventBatch batch) {
        return new TopicPartition(batch.partition().topic(), batch.partition().number());
    }

    private void commitNow(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(published);
        offsets.keySet().retainAll(partitions);
        partitions.forEach(published::remove);
        partitions.forEach(latest::remove);
        try {
            consumer.commitSync(offsets, COMMIT_TIMEOUT); // with none, it waits for those that are on their way
        } catch (KafkaException notCommitted) {
            process.log("offsets were not committed, so that some events are read again: "
                    + Refusals.sentence(notCommitted));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            queue.close();
        }
    }
}
