package io.turboqueue.examples.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The orderly ways in which a bridge could lose events: a restart, a stop with a full queue, a start at the end. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class KafkaPipelineLossTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final byte[] HEADER = new byte[4_000];

    @TempDir
    static Path shared;

    private static KafkaBroker broker;

    @TempDir
    Path folder;

    private final FlightEvents flights;

    KafkaPipelineLossTest() throws IOException {
        flights = new FlightEvents();
    }

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(shared.resolve("broker"), Map.of());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void anEventThatNoBatchTakesBecomesADeadLetterWithItsBytesInAFile() throws Exception {
        PipelineSettings settings = oversize("oversize", "deadLetter");
        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(20);
            await().atMost(SOON)
                    .until(() -> watched(pipeline, pipeline.in().dead().messages() == 1));

            assertThat(settings.folder().resolve("rejected").resolve("oversize-0-10.json"))
                    .isRegularFile()
                    .content()
                    .contains("\"topic\" : \"oversize\"", "\"offset\" : 10");
            assertThat(pipeline.log()).contains("event oversize-0 at offset 10 becomes a dead letter");
            assertThat(pipeline.table.total(PipelineGroup.IN).failed()).isOne();
        }
    }

    @Test
    void aBridgeThatStopsAtSuchAnEventCommitsNothingBeyondItAndGoesOnOnceItFits() throws Exception {
        PipelineSettings settings = oversize("stopping", "stop");
        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            await().atMost(SOON).until(() -> {
                pipeline.check.read(Duration.ofMillis(50));
                return pipeline.group.processes().givenUp().isPresent();
            });
            assertThat(pipeline.log())
                    .contains("event stopping-0 at offset 10 cannot be accepted", "in.rejected = deadLetter");
        }

        Map<String, String> larger = new HashMap<>(bounds("stop"));
        larger.put("queue.batchBytes", "1MiB");
        try (RunningPipeline pipeline =
                RunningPipeline.start(RunningPipeline.settings(broker.bootstrap(), folder, "stopping", larger))) {
            await().atMost(SOON).until(() -> {
                pipeline.check.read(Duration.ofMillis(50));
                return watched(pipeline, pipeline.check.results() >= 21);
            });
            assertThat(pipeline.check.events()).isEqualTo(20);
        }
    }

    @Test
    void aTopicThatWasWrittenWithTransactionsHasNoLagOnceAllOfItIsRead() throws Exception {
        PipelineSettings settings = RunningPipeline.settings(broker.bootstrap(), folder, "markers", Map.of());
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                KafkaClients.of(settings).transactionalProducer()) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 3; transaction++) {
                producer.beginTransaction();
                flights.send(producer, settings.inTopic(), 10L * transaction, 10L * (transaction + 1));
                producer.commitTransaction();
            }
        }

        try (RunningPipeline pipeline = RunningPipeline.start(settings);
                Topics topics = Topics.open(settings);
                Admin admin = KafkaClients.of(settings).admin()) {
            pipeline.await(30);
            Map<TopicPartition, Long> ends = topics.ends(settings.inTopic());
            assertThat(ends.values().stream().mapToLong(end -> end).sum())
                    .as("offsets, with those of markers")
                    .isGreaterThan(30);
            await().atMost(SOON).untilAsserted(() -> {
                pipeline.group.watch();
                Map<TopicPartition, Long> committed = new HashMap<>();
                admin.listConsumerGroupOffsets(settings.inGroup())
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach((partition, offset) -> committed.put(partition, offset.offset()));
                ends.forEach((partition, end) ->
                        assertThat(committed.getOrDefault(partition, 0L)).isEqualTo(end));
            });
        }
    }

    /** Ten events, one that is larger than the bound, ten events; all in one partition. */
    private PipelineSettings oversize(String name, String rejected) throws Exception {
        PipelineSettings settings = RunningPipeline.settings(broker.bootstrap(), folder, name, bounds(rejected));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                KafkaClients.of(settings).producer()) {
            for (int event = 0; event < 20; event++) {
                if (event == 10) {
                    byte[] large = (new String(flights.value(0), UTF_8) + " ".repeat(100_000)).getBytes(UTF_8);
                    producer.send(new ProducerRecord<>(name, 0, null, large)).get();
                }
                producer.send(new ProducerRecord<>(name, 0, null, flights.value(event)))
                        .get();
            }
        }
        return settings;
    }

    private static Map<String, String> bounds(String rejected) {
        return Map.of(
                "queue.batchBytes", "64KiB",
                "queue.batchMessages", "5",
                "queue.maxAttempts", "1",
                "process.restarts", "1",
                "in.rejected", rejected);
    }

    @Test
    void aStopWithAFullQueueAndLargeHeadersLosesNothing() throws Exception {
        int events = 3_000;
        Map<String, String> bounds = new HashMap<>(
                Map.of("queue.batchMessages", "100", "queue.batchBytes", "256KiB", "queue.maxReadyBatches", "3"));
        bounds.put("work.cpu", "1ms");
        PipelineSettings slow = RunningPipeline.settings(broker.bootstrap(), folder, "headers", bounds);
        RunningPipeline.createTopics(slow, Map.of(), Map.of());
        try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                KafkaClients.of(slow).producer()) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int event = 0; event < events; event++) {
                ProducerRecord<byte @Nullable [], byte @Nullable []> record = new ProducerRecord<>(
                        slow.inTopic(), event % RunningPipeline.PARTITIONS, null, flights.value(event));
                record.headers().add("trace", HEADER);
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
        for (int stop = 0; stop < 3; stop++) {
            try (RunningPipeline pipeline = RunningPipeline.start(slow)) {
                long before = pipeline.in().ready().batches();
                await().atMost(SOON)
                        .until(() -> watched(pipeline, pipeline.in().ready().batches() >= Math.max(3, before)));
            }
        }
        bounds.put("work.cpu", "0s");
        try (RunningPipeline pipeline =
                RunningPipeline.start(RunningPipeline.settings(broker.bootstrap(), folder, "headers", bounds))) {
            pipeline.await(events);
            assertThat(pipeline.check.difference()).isEmpty();
        }
    }

    @Test
    void aGroupThatBeginsAtTheEndReadsAllThatComesAfterThatEvenInAddedPartitions() throws Exception {
        Path properties = Files.writeString(folder.resolve("client.properties"), "metadata.max.age.ms=1000\n");
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                "late",
                Map.of("in.startAt", "latest", "kafka.properties", properties.toString()));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        flights.load(settings, 0, 100);
        StartPositions.choose(settings); // and the host dies before a bridge has read anything
        flights.load(settings, 100, 300);

        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(200);
            int partitions = RunningPipeline.PARTITIONS + 2;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createPartitions(Map.of(settings.inTopic(), NewPartitions.increaseTo(partitions)))
                        .all()
                        .get();
            }
            try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                    KafkaClients.of(settings).producer()) {
                for (int event = 300; event < 400; event++) {
                    producer.send(new ProducerRecord<>(settings.inTopic(), partitions - 1, null, flights.value(event)))
                            .get();
                }
            }
            pipeline.await(300);
            pipeline.awaitIdle();

            assertThat(pipeline.check.results()).isEqualTo(300);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "compact,delete"})
    void aLedgerTopicThatForgetsIsRefused(String policy) throws Exception {
        String name = "forgetful-" + policy.length();
        PipelineSettings settings =
                RunningPipeline.settings(broker.bootstrap(), folder, name, Map.of("out.transactions", "true"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        try (Topics topics = Topics.open(settings)) {
            topics.create(new NewTopic(settings.ledgerTopic(), Optional.of(1), Optional.empty())
                    .configs(Map.of("cleanup.policy", policy)));

            assertThatThrownBy(() -> topics.requireAll(settings))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageContaining("ledger topic \"" + name + ".out.ledger\" has cleanup.policy = ");
        }
    }

    private static boolean watched(RunningPipeline pipeline, boolean result) throws Exception {
        pipeline.group.watch();
        return result;
    }
}
