package io.turboqueue.examples.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar that is deployed, as a team runs it: nothing else on the class path, real processes, a real broker. */
@Timeout(value = 480, unit = TimeUnit.SECONDS)
class KafkaPipelineJarIT {

    private static final Path JAR = Path.of("target", "turboqueue-kafka-pipeline.jar");
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int EVENTS = 500;
    private static final String USERS = "listener.name.sasl_plaintext.plain.sasl.jaas.config";
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    @TempDir
    static Path shared;

    private static KafkaBroker broker;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(shared.resolve("broker"), Map.of(USERS, LOGIN + "user_joe=\"right\";"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void endAll() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    void itsCheckFindsEverythingInOrderItRunsOwnWorkAndSigtermEndsItInOrder() throws Exception {
        String source = """
                package team;
                public final class Loud implements io.turboqueue.examples.kafka.EventWork {
                    public byte[] apply(byte[] value) { return new String(value).toUpperCase().getBytes(); }
                }
                """;
        Path work = WorkJar.compile(folder, "work", "", source);
        String[] own = {"--work-class", "team.Loud", "--work-class-path", work.toString()};
        PipelineSettings settings = topicsWithEvents("own");

        Process check = start(with(own, "--check"));
        assertThat(check.waitFor()).as(output(check)).isZero();
        assertThat(output(check).lines().toList()).hasSize(6).allSatisfy(line -> assertThat(line)
                .startsWith("ok "));

        Process pipeline = start(own);
        assertThat(results(settings).get(0)).contains("\"ORIGIN\"");
        List<ProcessHandle> processes = pipeline.descendants().toList();
        assertThat(processes).as("two bridges and a worker").hasSize(3);
        pipeline.toHandle().destroy();

        assertThat(pipeline.waitFor()).as(output(pipeline)).isZero();
        assertThat(output(pipeline)).endsWith("kafka-pipeline: stopped\n").doesNotContain("\tat ");
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void nothingSurvivesItsSupervisor() throws Exception {
        PipelineSettings settings = topicsWithEvents("survivors");
        Process pipeline = start();
        results(settings);
        List<ProcessHandle> processes = pipeline.descendants().toList();
        assertThat(processes).hasSize(3);

        pipeline.destroyForcibly().waitFor();

        await().atMost(PipelineProcess.PATIENCE.plusSeconds(5))
                .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aBrokerThatIsAwayAtTheStartIsWaitedFor() throws Exception {
        PipelineSettings settings = topicsWithEvents("away");
        broker.kill();
        Process pipeline = start();
        await().atMost(SOON)
                .until(() -> output(pipeline).contains("no broker answers on " + broker.bootstrap())
                        && output(pipeline).contains("tried again"));
        assertThat(pipeline.isAlive()).as(output(pipeline)).isTrue();

        broker.startAgain();

        assertThat(results(settings)).hasSize(EVENTS);
        assertThat(output(pipeline)).doesNotContain("\tat ");
    }

    @Test
    void whatIsWrongWithTheClusterIsOneSentenceEach() throws Exception {
        topicsWithEvents("wrong");
        Path login = Files.writeString(
                folder.resolve("client.properties"),
                "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + LOGIN
                        + "username=\"joe\" password=\"wrong\";\n");
        Process wrongPassword = start("--bootstrap", broker.secureBootstrap(), "--properties", login.toString());
        Process noTopic = start("--set", "in.topic=no-such");
        Process noWork = start("--work-class", "team.NoSuch");
        Process noBroker = start("--demo");

        assertSentence(wrongPassword, 1, "Authentication failed: Invalid username or password");
        assertSentence(noTopic, 1, "topic \"no-such\" does not exist on " + broker.bootstrap());
        assertSentence(noWork, 2, "setting work.class = \"team.NoSuch\"");
        assertSentence(noBroker, 2, "--demo needs Kafka's broker, which is not in this jar");
    }

    private void assertSentence(Process process, int status, String words) throws Exception {
        assertThat(process.waitFor()).as(output(process)).isEqualTo(status);
        assertThat(output(process).lines().toList())
                .singleElement()
                .asString()
                .startsWith("kafka-pipeline: ")
                .contains(words);
    }

    private PipelineSettings topicsWithEvents(String name) throws Exception {
        PipelineSettings settings =
                RunningPipeline.settings(broker.bootstrap(), folder, name, Map.of("work.processes", "1"));
        RunningPipeline.createTopics(settings, Map.of(), Map.of());
        new FlightEvents().load(settings, 0, EVENTS);
        settings.write(folder.resolve("settings.json"));
        return settings;
    }

    private List<String> results(PipelineSettings settings) throws Exception {
        try (KafkaConsumer<byte @Nullable [], byte @Nullable []> reader =
                KafkaClients.of(settings).reader(true)) {
            return RunningPipeline.readAll(reader, settings.outTopic(), EVENTS).stream()
                    .map(record -> new String(record.value(), UTF_8))
                    .toList();
        }
    }

    private static String[] with(String[] arguments, String more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = more;
        return all;
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toAbsolutePath().toString(),
                "--settings",
                folder.resolve("settings.json").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output-" + started.size()).toFile())
                .start();
        started.add(process);
        return process;
    }

    private String output(Process process) throws IOException {
        return Files.readString(folder.resolve("output-" + started.indexOf(process)));
    }
}
