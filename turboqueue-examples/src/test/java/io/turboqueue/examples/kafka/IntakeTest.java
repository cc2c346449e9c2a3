package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.Durability;
import io.turboqueue.Message;
import io.turboqueue.OverflowPolicy;
import io.turboqueue.QueueConfig;
import io.turboqueue.QueueConsumer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntakeTest {

    private static final TopicPartition ONE = new TopicPartition("flights", 0);
    private static final TopicPartition TWO = new TopicPartition("flights", 1);
    private static final long ALL = Long.MAX_VALUE;
    private static final int LIVES = 60;
    private static final int STEPS = 80;

    @TempDir
    Path folder;

    @Test
    void whatFollowsABatchThatIsHalfSentIsNeitherPublishedNorCommittedWhenItsPartitionGoes() throws Exception {
        try (Life life = new Life(folder, new Limits(4, 1 << 20, 1, 3))) {
            life.append(ONE, 36, 100, 0);
            life.read(ONE, 36);
            assertThat(life.intake.publish(ALL)).isFalse();

            life.giveUp(ONE);

            life.check();
        }
    }

    @Test
    void anEventThatNoBatchTakesIsKeptInAFileAndTheOthersGoOn() throws Exception {
        try (Life life = new Life(folder, new Limits(10, 4096, 10))) {
            life.append(ONE, 3, 100, 0);
            life.append(ONE, 1, 9_000, 0);
            life.append(ONE, 3, 100, 0);
            life.read(ONE, 7);

            assertThat(life.intake.publish(ALL)).isTrue();
            life.commit();
            life.drain();

            assertThat(life.committed(ONE)).isEqualTo(7);
            assertThat(life.of(ONE).seen)
                    .containsExactlyElementsOf(LongStream.range(0, 7).boxed().toList());
            Path file = life.rejected.resolve("flights-0-3.json");
            assertThat(Files.readString(file)).contains("\"offset\" : 3", "\"reason\" : \"message of ");
        }
    }

    @Test
    void anEventWhoseHeadersAloneAreTooLargeIsKeptToo() throws Exception {
        try (Life life = new Life(folder, new Limits(10, 4096, 10))) {
            life.append(ONE, 1, 10, 9_000);
            life.read(ONE, 1);

            assertThat(life.intake.publish(ALL)).isTrue();

            assertThat(life.rejected.resolve("flights-0-0.json")).isRegularFile();
        }
    }

    @Test
    void aBatchOfEventsWithLargeHeadersFitsInOneBatchOfTheQueue() throws Exception {
        try (Life life = new Life(folder, new Limits(100, 64 << 10, 1000))) {
            life.append(ONE, 100, 100, 4_000);
            life.read(ONE, 100);

            assertThat(life.intake.publish(ALL)).isTrue();

            life.drain();
            assertThat(life.batchesOfFiles)
                    .allSatisfy((file, batches) -> assertThat(batches).hasSize(1));
            assertThat(life.filesOfBatches)
                    .allSatisfy((batch, files) -> assertThat(files).hasSize(1));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsCommittedBeyondWhatIsPublished(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Limits limits = new Limits(
                1 + random.nextInt(20), 2048L << random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(3));
        try (Life life = new Life(folder, limits)) {
            for (int step = 0; step < STEPS; step++) {
                life.step(random);
            }
            life.check();
            life.readAll();
            life.check();
            assertThat(life.of(ONE).seen).as("seed %d", seed).hasSize((int)
                    life.of(ONE).records(Long.MAX_VALUE));
            assertThat(life.of(TWO).seen).as("seed %d", seed).hasSize((int)
                    life.of(TWO).records(Long.MAX_VALUE));
            life.commit();
            assertThat(life.committed(ONE))
                    .as("seed %d", seed)
                    .isEqualTo(life.of(ONE).log.size());
            assertThat(life.committed(TWO))
                    .as("seed %d", seed)
                    .isEqualTo(life.of(TWO).log.size());
        }
    }

    static Stream<Long> seeds() {
        long first = System.nanoTime();
        return LongStream.range(first, first + LIVES).boxed();
    }

    /**
     * Of the queue.
     *
     * @param split how many of the queue's batches one batch of the intake fills
     */
    private record Limits(int messages, long bytes, int ready, int split) {

        Limits(int messages, long bytes, int ready) {
            this(messages, bytes, ready, 1);
        }
    }

    /** What a partition holds, how far it is read and committed, and what was found in the queue. */
    private static final class Reading {

        /** By offset; null where a transaction's marker stands. */
        private final List<@Nullable ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();

        private final TreeSet<Long> seen = new TreeSet<>();
        private int position;
        private long committed;

        long records(long below) {
            return log.stream().limit(below).filter(Objects::nonNull).count();
        }
    }

    /** A bridge's intake between a topic of two partitions and a queue, and what was found in the queue. */
    private static final class Life implements AutoCloseable {

        private final Map<TopicPartition, Reading> readings = new HashMap<>();
        final Map<String, TreeSet<String>> batchesOfFiles = new HashMap<>();
        final Map<String, TreeSet<String>> filesOfBatches = new HashMap<>();
        final Path rejected;
        private final Limits limits;
        private final Spool spool;
        private final TurboQueue<byte[]> queue;
        private final QueueConsumer<byte[]> consumer;
        private Intake intake;

        Life(Path folder, Limits limits) throws IOException {
            this.limits = limits;
            this.rejected = folder.resolve("rejected");
            spool = Spool.open(folder.resolve("spool"));
            queue = spool.queue(
                    "in",
                    Codecs.bytes(),
                    QueueConfig.builder()
                            .durability(Durability.PROCESS)
                            .batchMaxMessages(limits.messages)
                            .batchMaxBytes(limits.bytes)
                            .maxReadyBatches(limits.ready)
                            .whenFull(OverflowPolicy.FAIL)
                            .build());
            consumer = queue.consumer();
            readings.put(ONE, new Reading());
            readings.put(TWO, new Reading());
            intake = started();
        }

        Reading of(TopicPartition partition) {
            return Objects.requireNonNull(readings.get(partition));
        }

        private Intake started() throws IOException {
            Intake started = new Intake(
                    InQueue.open(queue, RejectedEvents.in(rejected)),
                    new PartitionBuffer.Limits(limits.messages * limits.split, limits.bytes * limits.split));
            started.topicId("an-id");
            return started;
        }

        void append(TopicPartition partition, int records, int valueBytes, int headerBytes) {
            List<@Nullable ConsumerRecord<byte[], byte[]>> of = of(partition).log;
            for (int i = 0; i < records; i++) {
                RecordHeaders headers = new RecordHeaders();
                if (headerBytes > 0) {
                    headers.add("trace", new byte[headerBytes]);
                }
                of.add(new ConsumerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        of.size(),
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        valueBytes,
                        new byte[0],
                        new byte[valueBytes],
                        headers,
                        Optional.empty()));
            }
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // a record without nulls is one that may have some
        void read(TopicPartition partition, int most) {
            List<@Nullable ConsumerRecord<byte[], byte[]>> of = of(partition).log;
            int from = of(partition).position;
            int to = (int) Math.min((long) from + most, of.size());
            List<?> records =
                    of.subList(from, to).stream().filter(Objects::nonNull).toList();
            intake.add(partition, (List) records, 0);
            intake.reached(partition, to);
            of(partition).position = to;
        }

        /** What an application's transaction leaves behind its records. */
        void appendMarker(TopicPartition partition) {
            of(partition).log.add(null);
        }

        void step(SplittableRandom random) throws Exception {
            TopicPartition partition = random.nextBoolean() ? ONE : TWO;
            switch (random.nextInt(11)) {
                case 10 -> appendMarker(partition);
                case 0, 1 -> append(partition, 1 + random.nextInt(10), bytes(random), bytes(random));
                case 2, 3 -> read(partition, 1 + random.nextInt(30));
                case 4, 5 -> intake.publish(random.nextBoolean() ? ALL : 0);
                case 6 -> commit();
                case 7 -> claimOne();
                case 8 -> giveUp(partition);
                default -> stop(random.nextInt(3));
            }
        }

        private static int bytes(SplittableRandom random) {
            return random.nextInt(4) == 0 ? random.nextInt(10_000) : random.nextInt(300);
        }

        void commit() {
            commit(intake.offsets().take());
        }

        private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            offsets.forEach((partition, next) -> of(partition).committed = next.offset());
        }

        long committed(TopicPartition partition) {
            return of(partition).committed;
        }

        /** A rebalance takes the partition and gives it back. */
        void giveUp(TopicPartition partition) throws Exception {
            intake.handOver(List.of(partition));
            commit(intake.offsets().takeLast(List.of(partition)));
            of(partition).position = (int) committed(partition);
        }

        /** In order, after an exception, or with the partitions lost. */
        private void stop(int how) throws Exception {
            switch (how) {
                case 0 -> intake.handOver(List.of(ONE, TWO));
                case 1 -> intake.forget(List.of(ONE, TWO));
                default -> {
                    // after an exception only what was published is committed
                }
            }
            commit(intake.offsets().takeLast(List.of(ONE, TWO)));
            intake.close();
            readings.values().forEach(reading -> reading.position = (int) reading.committed);
            intake = started();
        }

        boolean claimOne() throws Exception {
            Optional<ClaimedBatch<byte[]>> claimed = consumer.poll(Duration.ZERO);
            if (claimed.isPresent()) {
                try (ClaimedBatch<byte[]> batch = claimed.get()) {
                    for (Message<byte[]> message : batch) {
                        see(batch.id(), message);
                    }
                    batch.ack();
                }
            }
            return claimed.isPresent();
        }

        private void see(String file, Message<byte[]> message) {
            SourceOffset source = SourceOffset.of(message).orElseThrow();
            of(new TopicPartition("flights", source.partition().number())).seen.add(source.offset());
            String batch = Objects.requireNonNull(message.headers().get(SourceOffset.BATCH));
            batchesOfFiles.computeIfAbsent(file, any -> new TreeSet<>()).add(batch);
            filesOfBatches.computeIfAbsent(batch, any -> new TreeSet<>()).add(file);
        }

        void drain() throws Exception {
            while (claimOne()) {
                // continues while there is a batch
            }
        }

        void readAll() throws Exception {
            stop(2);
            read(ONE, Integer.MAX_VALUE);
            read(TWO, Integer.MAX_VALUE);
            while (!intake.publish(ALL)) {
                drain();
            }
        }

        /** Everything below the committed offset was published. */
        void check() throws Exception {
            drain();
            readings.forEach((partition, reading) -> assertThat(reading.seen.headSet(reading.committed))
                    .as("published of %s below the committed offset %d", partition, reading.committed)
                    .hasSize((int) reading.records(reading.committed)));
        }

        @Override
        public void close() throws IOException {
            intake.close();
            consumer.close();
            spool.close();
        }
    }
}
