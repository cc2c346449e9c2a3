package io.turboqueue.examples.kafka;

import io.turboqueue.QueueInspector;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
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
 * and polling continues without records, so that the group sees a member that lives; they are resumed when the queue is half
 * empty. When partitions go to another member, or on SIGTERM, what was read of them is published and committed as far as
 * the queue has room, and a batch that is half sent even beyond its bound; the rest is read again. After an error nothing
 * more is published, only committed what was.
 */
final class KafkaToQueue implements ConsumerRebalanceListener, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);
    private static final int BUFFERED_PART_OF_HEAP = 4;

    private final PipelineProcess process;
    private final Topics topics;
    private final KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer;
    private final RejectedEvents rejected;
    private final Intake intake;
    private final QueueInspector inspector;
    private boolean full;
    private boolean diskFails;
    private boolean endedInOrder;
    private boolean closing;

    private KafkaToQueue(PipelineProcess process, Topics topics, TurboQueue<byte[]> queue)
            throws IOException, PipelineException {
        this.process = process;
        this.topics = topics;
        this.rejected = RejectedEvents.of(process);
        this.intake = new Intake(
                InQueue.open(queue, rejected),
                new PartitionBuffer.Limits(
                        process.settings().number(PipelineSetting.BATCH_MESSAGES),
                        process.settings().batchBytes()));
        this.inspector = queue.inspector();
        this.consumer = KafkaClients.of(process.settings()).member(process.number());
    }

    /** Runs one: {@code SETTINGS-FILE NUMBER}. */
    public static void main(String[] args) throws IOException, InterruptedException, PipelineException {
        PipelineProcess.run(args, KafkaToQueue::run);
    }

    private static void run(PipelineProcess process) throws IOException, InterruptedException, PipelineException {
        try (Topics topics = Topics.open(process.settings());
                Spool spool = Spool.builder(process.settings().spool())
                        .closeOnShutdown(false)
                        .open();
                KafkaToQueue bridge = new KafkaToQueue(process, topics, process.inQueue(spool))) {
            bridge.run();
        } catch (InterruptException interrupted) {
            throw new InterruptedException(interrupted.getMessage());
        }
    }

    private void run() throws IOException, InterruptedException, PipelineException {
        Optional<String> topicId = process.awaitAnswer(this::topicId);
        topicId.ifPresent(intake::topicId);
        consumer.subscribe(List.of(process.settings().inTopic()), this);
        while (!process.stop().given()) {
            step();
        }
        endedInOrder = true;
    }

    private void step() throws IOException, InterruptedException, PipelineException {
        ConsumerRecords<byte @Nullable [], byte @Nullable []> records = poll();
        long now = System.nanoTime();
        for (TopicPartition partition : records.partitions()) {
            intake.add(partition, records.records(partition), now);
        }
        records.nextOffsets().forEach((partition, next) -> intake.reached(partition, next.offset()));
        process.progress().received(records.count());
        publish(now - process.settings().inLinger().toNanos());
        commit();
        process.progress().state(diskFails ? "waiting" : full ? "paused" : "running");
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
                            + process.settings().inGroup() + "\" failed: " + KafkaErrors.sentence(failed),
                    failed);
        }
    }

    /** Publishes every batch that is full or old enough, as long as there is room; pauses and resumes all partitions. */
    private void publish(long openedBeforeNanos) throws IOException, InterruptedException, PipelineException {
        if (full && !hasRoomAgain()) {
            return;
        }
        boolean done = publishOrWait(tooMuchBuffered() ? Long.MAX_VALUE : openedBeforeNanos);
        process.progress().sent(intake.takePublished());
        process.progress().failed(rejected.takeCount());
        if (!done) {
            full = true;
            consumer.pause(consumer.assignment());
        } else if (full) {
            full = false;
            consumer.resume(consumer.paused());
        }
    }

    /** A disk that is full or fails is waited for like a full queue; what is not published yet is tried again. */
    private boolean publishOrWait(long openedBeforeNanos) throws InterruptedException, PipelineException {
        try {
            boolean done = intake.publish(openedBeforeNanos);
            diskFails = false;
            return done;
        } catch (IOException error) {
            if (!diskFails) {
                process.log("the disk fails, tried again: " + error);
            }
            diskFails = true;
            return false;
        }
    }

    /** Half empty: so that partitions are not paused and resumed with each batch that is claimed. */
    private boolean hasRoomAgain() throws IOException {
        int most = process.settings().number(PipelineSetting.MAX_READY_BATCHES);
        return inspector.stats().ready().batches() <= most / 2;
    }

    private boolean tooMuchBuffered() {
        return intake.bytes() > Runtime.getRuntime().maxMemory() / BUFFERED_PART_OF_HEAP;
    }

    /** Does not wait for the answer, so that a broker that is away holds nobody up. */
    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = intake.offsets().take();
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, this::committed);
        }
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception error) {
        if (error != null) {
            intake.offsets().commitFailed(offsets.keySet());
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        process.log("assigned " + partitions);
        try {
            intake.topicId(topicId()); // the topic may have been deleted and created again
        } catch (PipelineException unfit) {
            throw new KafkaException(unfit.getMessage(), unfit);
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
        if (!closing || endedInOrder) { // after an exception nothing more is published
            handOver(partitions);
        }
        commitNow(partitions);
    }

    private void handOver(Collection<TopicPartition> partitions) {
        process.log("handing over " + partitions);
        try {
            intake.handOver(partitions);
            process.progress().sent(intake.takePublished());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (PipelineException unfit) {
            throw new KafkaException(unfit.getMessage(), unfit);
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
    }

    /** Another member has them already: what was read of them is for that member to read again. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        process.log("lost " + partitions + ": this member was away for too long");
        try {
            intake.forget(partitions);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private void commitNow(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = intake.offsets().takeLast(partitions);
        try {
            consumer.commitSync(offsets, COMMIT_TIMEOUT); // with none, it waits for those that are on their way
        } catch (KafkaException notCommitted) {
            process.log("offsets were not committed, so that some events are read again: "
                    + KafkaErrors.sentence(notCommitted));
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            intake.close();
        }
    }
}
