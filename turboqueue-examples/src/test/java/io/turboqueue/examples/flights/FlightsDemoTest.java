package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.turboqueue.examples.JavaCommand;
import io.turboqueue.examples.ProcessGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo as a whole, in processes of its own. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class FlightsDemoTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void endsVerifiedAndLeavesNothingBehind() throws IOException {
        int status = run(
                group -> {},
                "--json",
                "--messages",
                "20000",
                "--producers",
                "1",
                "--consumers",
                "2",
                "--spool",
                spool());

        JsonNode json = json();
        assertThat(status).as(text(err)).isZero();
        assertThat(json.path("messages").asLong()).isEqualTo(20_000);
        assertThat(json.path("verified").asBoolean()).isTrue();
        assertThat(json.path("duplicates").asLong(-1)).isZero();
        assertThat(json.path("restarts").asLong(-1)).isZero();
        assertThat(json.path("seconds").asDouble()).isPositive();
        assertThat(text(out).lines()).hasSize(1);
        assertThat(text(err)).contains("Worst routes", "Verified");
        assertThat(Path.of(spool())).doesNotExist();
    }

    @Test
    void endsVerifiedThoughAProducerAndAConsumerAreKilled() throws Exception {
        CompletableFuture<ProcessGroup> started = new CompletableFuture<>();
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> run(
                started::complete,
                "--json",
                "--messages",
                "300000",
                "--batch",
                "500",
                "--producers",
                "1",
                "--consumers",
                "2",
                "--spool",
                spool()));

        ProcessGroup group = started.get();
        Path progress = new DemoFolder(Path.of(spool())).progress(0);
        await().atMost(SOON).until(() -> Files.exists(progress) && Files.size(progress) > 0);
        group.process("producer-0").orElseThrow().destroyForcibly();
        group.process("consumer-0").orElseThrow().destroyForcibly();

        assertThat(status.get()).as(text(err)).isZero();
        assertThat(json().path("verified").asBoolean()).isTrue();
        assertThat(json().path("messages").asLong()).isEqualTo(300_000);
        assertThat(json().path("restarts").asLong()).isEqualTo(2);
        assertThat(text(err)).contains("[producer-0] was started again", "[consumer-0] was started again");
    }

    @Test
    void endsVerifiedThoughAWorkerIsKilledEverySecond() throws Exception {
        int status = run(
                group -> {},
                "--chaos",
                "--json",
                "--messages",
                "1000000",
                "--batch",
                "1000",
                "--consumers",
                "2",
                "--spool",
                spool());

        assertThat(status).as(text(err)).isZero();
        assertThat(json().path("verified").asBoolean()).isTrue();
        assertThat(json().path("messages").asLong()).isEqualTo(1_000_000);
        assertThat(json().path("restarts").asLong()).as(text(err)).isPositive();
    }

    @Test
    void keepsTheSpoolAndSaysHowToLookIntoIt() throws Exception {
        int status = run(group -> {}, "--messages", "100", "--consumers", "1", "--keep", "--spool", spool());

        assertThat(status).as(text(err)).isZero();
        List<String> commands =
                text(out).lines().filter(line -> line.startsWith("sqlite3 ")).toList();
        assertThat(commands).hasSize(3).allMatch(command -> command.contains(spool()));
        assertThat(new DemoFolder(Path.of(spool())).nativeLibraries()).doesNotExist();
        assumeThat(succeeds("sqlite3 -version")).isTrue();
        assertThat(commands).allMatch(FlightsDemoTest::succeeds);
    }

    @Test
    void aFolderThatWasThereBeforeStaysAndIsEmptyAgain() throws IOException {
        Files.createDirectories(Path.of(spool()));

        assertThat(run(group -> {}, "--messages", "100", "--consumers", "1", "--spool", spool()))
                .as(text(err))
                .isZero();
        assertThat(Path.of(spool())).isEmptyDirectory();
    }

    @Test
    void stopsEveryProcessAndTidiesUpWhenItIsAskedToEnd() throws Exception {
        Process demo = startDemo();
        try {
            List<ProcessHandle> workers = awaitWorkers(demo);

            demo.toHandle().destroy();

            assertThat(demo.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await().atMost(SOON).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(Path.of(spool())).doesNotExist();
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void everyProcessEndsThoughTheDemoItselfIsKilled() throws Exception {
        Process demo = startDemo();
        List<ProcessHandle> workers;
        try {
            workers = awaitWorkers(demo);
        } finally {
            demo.destroyForcibly();
        }

        await().atMost(SOON).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--messages 0       | --messages 0: give a whole number from 1 to 1,000,000,000",
                "--messages many    | --messages many: give a whole number from 1 to 1,000,000,000",
                "--producers 65     | --producers 65: give a whole number from 1 to 64",
                "--consumers -1     | --consumers -1: give a whole number from 1 to 64",
                "--batch 1.5        | --batch 1.5: give a whole number from 1 to 100,000",
                "--durability maybe | --durability maybe: give process or power",
                "--spool /dev/null  | --spool /dev/null: give a folder that is empty or does not exist yet",
                "--spool /          | --spool /: give a folder that is empty or does not exist yet",
                "--messages         | Missing required parameter for option '--messages' (N)",
                "--speed 5          | Unknown options: '--speed', '5'",
            })
    void aBadFlagIsRefusedWithOneSentence(String flags, String sentence) {
        int status = run(group -> {}, flags.split(" ", -1));

        assertThat(status).isEqualTo(2);
        assertThat(text(err).trim()).isEqualTo("demo: " + sentence);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void helpNamesEveryFlag() {
        assertThat(run(group -> {}, "--help")).isZero();
        assertThat(text(out))
                .contains(
                        "--messages",
                        "--producers",
                        "--consumers",
                        "--batch",
                        "--durability",
                        "--json",
                        "--keep",
                        "--spool",
                        "--help");
    }

    private int run(Consumer<ProcessGroup> onStart, String... args) {
        return FlightsDemo.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                onStart);
    }

    private static boolean succeeds(String command) {
        try {
            Process process = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(command, failed);
        }
    }

    private Process startDemo() throws IOException {
        List<String> flags = List.of("-Xmx256m", "-XX:-UsePerfData", "-Dorg.sqlite.tmpdir=" + folder);
        List<String> arguments =
                List.of("--messages", "100000000", "--producers", "1", "--consumers", "2", "--spool", spool());
        return new ProcessBuilder(JavaCommand.of(FlightsDemo.class, flags, arguments))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("demo.log").toFile())
                .start();
    }

    private List<ProcessHandle> awaitWorkers(Process demo) {
        await().atMost(SOON).until(() -> demo.descendants().count() == 3);
        await().atMost(SOON).until(() -> hasReadyBatches(Path.of(spool(), "flights", "ready")));
        return demo.descendants().toList();
    }

    private static boolean hasReadyBatches(Path ready) throws IOException {
        if (!Files.isDirectory(ready)) {
            return false;
        }
        try (Stream<Path> batches = Files.list(ready)) {
            return batches.findAny().isPresent();
        }
    }

    private JsonNode json() throws IOException {
        List<String> lines = text(out).lines().toList();
        return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }

    private String spool() {
        return folder.resolve("spool").toString();
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
