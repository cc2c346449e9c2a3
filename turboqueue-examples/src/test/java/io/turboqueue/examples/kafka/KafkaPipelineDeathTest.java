package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the pipeline promises when everything it is made of is killed while it runs. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class KafkaPipelineDeathTest {

    private static final int EVENTS = 24_000;
    private static final Duration AWAY = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private KafkaBroker broker;

    @BeforeEach
    void startBroker() throws Exception {
        broker = KafkaBroker.start(folder.resolve("broker"), Map.of());
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void everyEventHasItsResultOnceThoughEachProcessIsKilledAndTheBrokerAwayForAWhile() throws Exception {
        try (RunningPipeline pipeline = start("true")) {
            pipeline.await(1);
            killEach(pipeline);
            broker.kill();
            TimeUnit.NANOSECONDS.sleep(AWAY.toNanos());
            broker.startAgain();
            killEach(pipeline);
            new FlightEvents().load(pipeline.settings, EVENTS / 2, EVENTS);
            pipeline.await(EVENTS);
            pipeline.awaitIdle();

            assertThat(pipeline.check.difference()).isEmpty();
            assertThat(pipeline.check.events()).isEqualTo(EVENTS);
            assertThat(pipeline.check.duplicates()).as(pipeline.log()).isZero();
            assertThat(pipeline.group.processes().restarts()).isGreaterThanOrEqualTo(6);
            assertThat(pipeline.in().dead().batches() + pipeline.out().dead().batches())
                    .isZero();
        }
    }

    @Test
    void everyEventHasItsResultWithoutTransactionsToo() throws Exception {
        try (RunningPipeline pipeline = start("false")) {
            pipeline.await(1);
            killEach(pipeline);
            broker.kill();
            broker.startAgain();
            new FlightEvents().load(pipeline.settings, EVENTS / 2, EVENTS);
            pipeline.await(EVENTS);
            pipeline.awaitIdle();

            assertThat(pipeline.check.difference()).isEmpty();
            assertThat(pipeline.check.events()).isEqualTo(EVENTS);
            assertThat(pipeline.group.processes().restarts()).isGreaterThanOrEqualTo(3);
            assertThat(pipeline.in().dead().batches() + pipeline.out().dead().batches())
                    .isZero();
        }
    }

    private RunningPipeline start(String transactions) throws Exception {
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                "flights",
                Map.of(
                        "out.transactions",
                        transactions,
                        "work.processes",
                        "2",
                        "work.cpu",
                        "100us",
                        "queue.batchMessages",
                        "200",
                        // as many kills as here are not the fault of a batch
                        "queue.maxAttempts",
                        "100",
                        // a killed member's partitions come back with it, and not after the session is over
                        "in.instance",
                        "host"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        new FlightEvents().load(settings, 0, EVENTS / 2);
        return RunningPipeline.start(settings);
    }

    /** One after the other, each when the one before has done something again. */
    private static void killEach(RunningPipeline pipeline) throws Exception {
        for (String process : List.of("worker-0", "in-0", "out-0")) {
            long enough = Math.min(pipeline.check.events() + 400, EVENTS / 2);
            pipeline.await(enough);
            pipeline.kill(process);
        }
    }
}
