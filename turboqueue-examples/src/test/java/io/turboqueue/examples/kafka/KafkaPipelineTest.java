package io.turboqueue.examples.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turboqueue.examples.JavaCommand;
import io.turboqueue.examples.ProcessGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pipeline with a real broker and real processes, nobody being killed. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class KafkaPipelineTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    @TempDir
    static Path shared;

    private static KafkaBroker broker;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(
                shared.resolve("broker"),
                Map.of(
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:ANONYMOUS;User:boss",
                        "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                        PLAIN + "user_boss=\"boss-secret\" user_reader=\"reader-secret\";"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void theDemoEndsVerified() throws Exception {
        int status = run("--demo", "--json", "--transactions", "--messages", "4000", "--workers", "1");

        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertThat(status).as(err.toString(UTF_8)).isZero();
        assertThat(json.path("messages").asLong()).isEqualTo(4000);
        assertThat(json.path("verified").asBoolean()).isTrue();
        assertThat(json.path("duplicates").asLong(-1)).isZero();
        assertThat(json.path("seconds").asDouble()).isPositive();
        assertThat(out.toString(UTF_8).lines()).hasSize(1);
    }

    @Test
    void slowWorkersFillTheInQueueToItsBoundAndNoMemberLeavesTheGroup() throws Exception {
        int events = 3_000;
        int bound = 4;
        // The member would be out of the group long before the end if it did not keep polling.
        Path impatient = folder.resolve("client.properties");
        Files.writeString(impatient, "max.poll.interval.ms=2000\nsession.timeout.ms=6000\nmax.poll.records=50\n");
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                "slow",
                Map.of(
                        "kafka.properties",
                        impatient.toString(),
                        "queue.batchMessages",
                        "50",
                        "queue.maxReadyBatches",
                        Integer.toString(bound),
                        "work.cpu",
                        "2500us"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        new FlightEvents().load(settings, 0, events);
        AtomicLong deepest = new AtomicLong();
        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(1);
            String member = onlyMember(settings);
            pipeline.await(
                    events, () -> deepest.accumulateAndGet(pipeline.in().ready().batches(), Math::max));

            assertThat(deepest.get()).as("ready batches").isBetween((long) bound - 1, (long) bound);
            assertThat(onlyMember(settings)).isEqualTo(member);
            assertThat(pipeline.log().split("assigned", -1)).as(pipeline.log()).hasSize(2);
            assertThat(pipeline.check.duplicates()).isZero();
            assertThat(pipeline.check.difference()).isEmpty();
        }
    }

    @Test
    void partitionsMoveToASecondMemberAndBackWithNothingReadTwice() throws Exception {
        int events = 12_000;
        PipelineSettings settings =
                RunningPipeline.settings(broker.bootstrap(), folder, "moving", Map.of("queue.batchMessages", "500"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        FlightEvents flights = new FlightEvents();
        flights.load(settings, 0, events / 3);
        Queue<String> log = new ConcurrentLinkedQueue<>();
        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(1);
            try (ProcessGroup second = secondMember(settings, log)) {
                flights.load(settings, events / 3, events * 2 / 3);
                pipeline.await(
                        events * 2 / 3, () -> assertThat(second.givenUp()).isEmpty());
                await().atMost(SOON).until(() -> log.stream().anyMatch(line -> line.contains("assigned [")));
                flights.load(settings, events * 2 / 3, events);
            }
            pipeline.await(events);
            pipeline.awaitIdle();

            assertThat(log).anyMatch(line -> line.contains("handing over ["));
            assertThat(pipeline.log()).contains("[in-0] handing over [");
            assertThat(pipeline.check.duplicates())
                    .as("%s%n%s", pipeline.log(), log)
                    .isZero();
            assertThat(pipeline.check.difference()).isEmpty();
        }
    }

    @Test
    void toldToEndItStopsEveryProcessInOrderAndLaterGoesOnWithNothingDoneTwice() throws Exception {
        int events = 6_000;
        PipelineSettings settings = RunningPipeline.settings(
                broker.bootstrap(), folder, "stopping", Map.of("queue.batchMessages", "200", "work.cpu", "200us"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        new FlightEvents().load(settings, 0, events);
        Path file = folder.resolve("settings.json");
        settings.write(file);
        Process process = new ProcessBuilder(JavaCommand.of(
                        KafkaPipeline.class, List.of("-Xmx256m"), List.of("--settings", file.toString())))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pipeline.log").toFile())
                .start();
        List<ProcessHandle> children;
        try (ResultVerifier check = ResultVerifier.open(settings)) {
            await().atMost(SOON).until(() -> {
                check.read(Duration.ofMillis(200));
                return check.events() > 0;
            });
            children = process.descendants().toList();
            process.toHandle().destroy();
            assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(children).hasSize(3).noneMatch(ProcessHandle::isAlive);
        assertThat(Files.readString(folder.resolve("pipeline.log"))).contains("[in-0] handing over [");
        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            pipeline.await(events);
            pipeline.awaitIdle();

            assertThat(pipeline.check.duplicates()).isZero();
            assertThat(pipeline.check.difference()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRangeThatIsReadAgainIsWrittenAgainOnlyWithoutTransactions(boolean transactions) throws Exception {
        int events = 2_000;
        String name = "again-" + transactions;
        PipelineSettings before = again(name, transactions, 500);
        RunningPipeline.createTopics(before, Map.of(), Map.of());
        new FlightEvents().load(before, 0, events);
        try (RunningPipeline pipeline = RunningPipeline.start(before)) {
            pipeline.await(events);
            pipeline.awaitIdle();
        }
        forgetOffsets(before);

        // Cut at other borders, so that only the offsets are the same.
        try (RunningPipeline pipeline = RunningPipeline.start(again(name, transactions, 300))) {
            await().atMost(SOON).until(() -> {
                pipeline.group.watch();
                return pipeline.table.total(PipelineGroup.OUT).received() >= events;
            });
            pipeline.awaitIdle();

            assertThat(pipeline.check.events()).isEqualTo(events);
            assertThat(pipeline.check.duplicates()).isEqualTo(transactions ? 0 : events);
            assertThat(pipeline.check.difference()).isEmpty();
            if (transactions) {
                assertThat(pipeline.table.total(PipelineGroup.OUT).recognised()).isEqualTo(events);
                assertASecondWriterIsRefused(pipeline.settings);
            }
        }
    }

    @Test
    void largePoisonousAndRefusedRecordsHinderNoOthers() throws Exception {
        PipelineSettings settings = RunningPipeline.settings(
                broker.secureBootstrap(),
                folder,
                "odd",
                Map.of(
                        "kafka.properties",
                        credentials("boss").toString(),
                        "out.transactions",
                        "true",
                        "queue.maxAttempts",
                        "1"));
        RunningPipeline.createTopics(
                settings, Map.of("max.message.bytes", "8000000"), Map.of("max.message.bytes", "5500000"));
        byte[] large = flight(1, 5_000_000);
        byte[] tooLarge = flight(2, 6_000_000);
        try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                KafkaClients.of(settings).producer()) {
            for (byte[] value : List.of(flight(0, 10), large, tooLarge, "no flight".getBytes(UTF_8), flight(3, 10))) {
                producer.send(new ProducerRecord<>(settings.inTopic(), 0, null, value))
                        .get();
            }
        }
        try (RunningPipeline pipeline = RunningPipeline.start(settings)) {
            await().atMost(SOON).until(() -> {
                pipeline.group.watch();
                return pipeline.in().dead().messages() == 1
                        && pipeline.out().dead().messages() == 1;
            });
            List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> results = read(settings, 3);
            await().atMost(SOON).until(() -> pipeline.out().claimed().batches() == 0);

            assertThat(results).extracting(KafkaPipelineTest::sequence).containsExactlyInAnyOrder(0L, 1L, 3L);
            assertThat(results)
                    .filteredOn(record -> sequence(record) == 1)
                    .allMatch(record -> record.serializedValueSize() > 5_000_000);
            assertThat(deadHeaders(settings, "pipeline.in")).contains("turboqueue.error", "no");
            assertThat(deadHeaders(settings, "pipeline.out")).contains("RecordTooLargeException");
        }
    }

    @Test
    void anOutTopicThatIsMissingIsSaidSo() throws Exception {
        createTopic("lonely");

        int status = run(flags(broker.bootstrap(), "lonely", "nowhere"));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .contains("kafka-pipeline: topic \"nowhere\" does not exist on " + broker.bootstrap() + ": create it");
    }

    @Test
    void anOutTopicThatMayNotBeWrittenIsSaidSo() throws Exception {
        createTopic("readable");
        createTopic("guarded");
        allow("reader", ResourceType.TOPIC, "readable", AclOperation.READ);
        allow("reader", ResourceType.TOPIC, "guarded", AclOperation.DESCRIBE);
        List<String> flags = new ArrayList<>(List.of(flags(broker.secureBootstrap(), "readable", "guarded")));
        flags.addAll(List.of("--properties", credentials("reader").toString()));

        int status = run(flags.toArray(String[]::new));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .contains("kafka-pipeline: not authorised for topic \"guarded\" on " + broker.secureBootstrap()
                        + ": it needs WRITE");
    }

    @Test
    void anOutTopicThatMayNotEvenBeSeenIsSaidSo() throws Exception {
        createTopic("visible");
        createTopic("hidden");
        allow("reader", ResourceType.TOPIC, "visible", AclOperation.READ);
        List<String> flags = new ArrayList<>(List.of(flags(broker.secureBootstrap(), "visible", "hidden")));
        flags.addAll(List.of("--properties", credentials("reader").toString()));

        int status = run(flags.toArray(String[]::new));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("kafka-pipeline: not authorised for topic \"hidden\"");
    }

    @Test
    void aBadSettingOrFlagIsRefusedBeforeAnythingStarts() {
        assertThat(run("--set", "work.cpu=fast", "--bootstrap", "nonsense")).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .contains("setting work.cpu = \"fast\" (command line) must be a time from 0s to 1s")
                .contains("setting kafka.bootstrap = \"nonsense\" (command line) must be host:port");
        assertThat(run("--speed")).isEqualTo(2);
        assertThat(run("--demo", "--messages=-5")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("--messages=-5 is not allowed: it must be from 1 to ");
        assertThat(run("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("--demo", "--bootstrap", "--transactions", "--json");
    }

    @Test
    void aWorkClassThatIsNoneIsRefused() throws Exception {
        List<String> flags = new ArrayList<>(List.of(flags(broker.bootstrap(), "a", "b")));
        flags.addAll(List.of("--set", "work.class=java.lang.String"));

        assertThat(run(flags.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("setting work.class = \"java.lang.String\" must be a public class");
    }

    private int run(String... args) {
        return KafkaPipeline.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private String[] flags(String bootstrap, String in, String outTopic) {
        return new String[] {
            "--bootstrap",
            bootstrap,
            "--set",
            "in.topic=" + in,
            "--set",
            "out.topic=" + outTopic,
            "--set",
            "queue.spool=" + folder.resolve("spool")
        };
    }

    private void createTopic(String name) throws Exception {
        PipelineSettings settings = RunningPipeline.settings(broker.bootstrap(), folder, name, Map.of());
        try (Topics topics = Topics.open(settings)) {
            topics.create(new org.apache.kafka.clients.admin.NewTopic(name, 1, (short) 1));
        }
    }

    private static void allow(String user, ResourceType type, String name, AclOperation operation) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(type, name, PatternType.LITERAL),
                            new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW))))
                    .all()
                    .get();
        }
    }

    private Path credentials(String user) throws Exception {
        Path file = folder.resolve(user + ".properties");
        Files.writeString(
                file,
                "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + PLAIN + "username=\""
                        + user + "\" password=\"" + user + "-secret\";\n");
        return file;
    }

    private static String onlyMember(PipelineSettings settings) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            return Objects.requireNonNull(admin.describeConsumerGroups(List.of(settings.inGroup()))
                            .all()
                            .get()
                            .get(settings.inGroup()))
                    .members()
                    .stream()
                    .map(MemberDescription::consumerId)
                    .toList()
                    .toString();
        }
    }

    private PipelineSettings again(String name, boolean transactions, int batchMessages) throws Exception {
        return RunningPipeline.settings(
                broker.bootstrap(),
                folder,
                name,
                Map.of(
                        "out.transactions",
                        Boolean.toString(transactions),
                        "queue.batchMessages",
                        Integer.toString(batchMessages)));
    }

    private static void forgetOffsets(PipelineSettings settings) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.deleteConsumerGroups(List.of(settings.inGroup())).all().get();
        }
    }

    private static void assertASecondWriterIsRefused(PipelineSettings settings) {
        Queue<String> log = new ConcurrentLinkedQueue<>();
        Path file = settings.folder().resolve("settings.json");
        try (ProcessGroup second = ProcessGroup.builder()
                .restarts(0)
                .onLog(log::add)
                .worker(
                        "second",
                        JavaCommand.of(
                                QueueToKafka.class,
                                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                                List.of(file.toString(), "0")))
                .start()) {
            await().atMost(SOON).until(() -> second.givenUp().isPresent());
        }
        assertThat(log).anyMatch(line -> line.contains("with transactions") && line.endsWith("only one may"));
    }

    private static ProcessGroup secondMember(PipelineSettings settings, Queue<String> log) {
        Path file = settings.folder().resolve("settings.json");
        return ProcessGroup.builder()
                .grace(SOON)
                .onLog(log::add)
                .worker(
                        "second",
                        JavaCommand.of(
                                KafkaToQueue.class,
                                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                                List.of(file.toString(), "1")))
                .start();
    }

    private static byte[] flight(long sequence, int padding) {
        return ("{\"sequence\": " + sequence
                        + ", \"origin\": \"LAX\", \"destination\": \"JFK\", \"distanceMiles\": 2475,"
                        + " \"delayMinutes\": 3, \"padding\": \"" + "x".repeat(padding) + "\"}")
                .getBytes(UTF_8);
    }

    private static List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> read(PipelineSettings settings, int count)
            throws Exception {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        try (Topics topics = Topics.open(settings);
                KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer =
                        KafkaClients.of(settings).reader(true)) {
            consumer.assign(topics.partitions(settings.outTopic()));
            consumer.seekToBeginning(consumer.assignment());
            await().atMost(SOON).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
            });
        }
        return records;
    }

    /** The headers of a queue's dead letters, read as anybody would. */
    private static String deadHeaders(PipelineSettings settings, String queue) throws Exception {
        StringBuilder headers = new StringBuilder();
        try (Stream<Path> files = Files.list(settings.spool().resolve(queue).resolve("dead"))) {
            for (Path file : files.toList()) {
                try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                        var rows = connection.createStatement().executeQuery("SELECT headers FROM message")) {
                    while (rows.next()) {
                        headers.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return headers.toString();
    }

    private static long sequence(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        try {
            return new FlightEvents().sequence(record.value());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
