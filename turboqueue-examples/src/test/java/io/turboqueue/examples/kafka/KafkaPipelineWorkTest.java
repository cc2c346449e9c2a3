package io.turboqueue.examples.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Work that misbehaves, and workers that are stopped in the middle of it, harm no other event. */
@Timeout(value = 480, unit = TimeUnit.SECONDS)
class KafkaPipelineWorkTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    static Path shared;

    private static KafkaBroker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(shared.resolve("broker"), Map.of());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void eventsThatFailInAnyWayBecomeDeadLettersAloneAndAllOthersHaveTheirResult() throws Exception {
        int events = 1_000;
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                "unruly",
                Map.of(
                        "work.class", UnrulyWork.class.getName(),
                        "work.timeout", "3s",
                        "queue.batchMessages", "100",
                        "queue.maxAttempts", "2",
                        "process.restarts", "3", // fewer than the deaths at events that end their process
                        "out.transactions", "true"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        new FlightEvents().load(settings, 0, events);

        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(events - UnrulyWork.BAD);
            await().atMost(SOON).until(() -> {
                pipeline.group.watch();
                return pipeline.in().dead().messages() == UnrulyWork.BAD;
            });
            pipeline.awaitIdle();

            assertThat(pipeline.in().dead().messages()).isEqualTo(UnrulyWork.BAD);
            assertThat(pipeline.out().dead().messages()).isZero();
            assertThat(pipeline.check.duplicates()).isZero();
            assertThat(pipeline.check.difference()).isEmpty();
            assertThat(pipeline.group.processes().restarts()).isGreaterThan(3);
        }
    }

    @Test
    void aBrokerThatStopsAnsweringIsReportedAndTheResultsAreWrittenOnceItAnswersAgain() throws Exception {
        int events = 2_000;
        Path properties = Files.writeString(
                folder.resolve("kafka.properties"),
                "delivery.timeout.ms=3000\nrequest.timeout.ms=1000\nlinger.ms=0\nmax.block.ms=2000\n");
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                "silent",
                Map.of(
                        "kafka.properties", properties.toString(),
                        "queue.batchMessages", "50",
                        "work.cpu", "1ms",
                        "out.transactions", "true"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        new FlightEvents().load(settings, 0, events);

        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(events / 4);
            broker.pause();
            try {
                await().atMost(SOON).until(() -> pipeline.log().contains("cannot be written to, tried again: "));
            } finally {
                broker.resume();
            }
            pipeline.await(events);
            pipeline.awaitIdle();

            assertThat(pipeline.check.duplicates()).isZero();
            assertThat(pipeline.check.difference()).isEmpty();
        }
    }

    @Test
    void aTeamsOwnWorkFromItsPageDropsEventsAndMarksTheOthers() throws Exception {
        int events = 2_000;
        String page = Files.readString(Path.of("doc", "kafka-work.md"));
        Matcher source = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(source.find()).as(page).isTrue();
        Path jar = WorkJar.compile(folder, "delay-alarm", "", source.group(1));
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                "own",
                Map.of(
                        "work.class", "com.example.DelayAlarm",
                        "work.classPath", jar.toString(),
                        "queue.batchMessages", "100",
                        "out.transactions", "true"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        FlightEvents flights = new FlightEvents();
        flights.load(settings, 0, events);
        Set<Long> late = new HashSet<>();
        Set<Long> found = new HashSet<>();

        try (RunningPipeline pipeline = RunningPipeline.start(settings);
                KafkaConsumer<byte @Nullable [], byte @Nullable []> in =
                        KafkaClients.of(settings).reader(true);
                KafkaConsumer<byte @Nullable [], byte @Nullable []> out =
                        KafkaClients.of(settings).reader(true)) {
            for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record :
                    RunningPipeline.readAll(in, settings.inTopic(), events)) {
                if (new String(record.value(), UTF_8).matches("(?s).*\"delayMinutes\":\\d{3,}.*")) {
                    late.add(flights.sequence(record.value()));
                }
            }
            assertThat(late).as("flights that are late").hasSizeBetween(1, events - 1);
            for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record :
                    RunningPipeline.readAll(out, settings.outTopic(), late.size())) {
                assertThat(record.headers().lastHeader("alarm").value()).isEqualTo("late".getBytes(UTF_8));
                assertThat(found.add(flights.sequence(record.value()))).isTrue();
            }
            pipeline.awaitEmpty();
            assertThat(out.poll(Duration.ofMillis(500)).count()).isZero();
            assertThat(pipeline.in().dead().messages()).isZero();
        }
        assertThat(found).isEqualTo(late);
    }

    @Test
    void stopsDuringSlowWorkTakeEffectAfterTheEventAtHandAndChargeNobody() throws Exception {
        int events = 200;
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                "slow",
                Map.of("work.cpu", "50ms", "queue.batchMessages", "200", "queue.maxAttempts", "2"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        new FlightEvents().load(settings, 0, events);
        for (int stop = 0; stop < 2; stop++) {
            try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
                await().atMost(SOON).until(() -> {
                    pipeline.group.watch();
                    return pipeline.in().claimed().batches() > 0;
                });
            }
        }

        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(events);
            pipeline.awaitIdle();

            assertThat(pipeline.in().dead().batches()).isZero();
            assertThat(pipeline.check.duplicates()).isZero();
        }
    }
}
