package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in real processes, joined by real pipes. */
class PipesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private Shell shell;

    @BeforeEach
    void makeShell() throws IOException {
        shell = new Shell(temp);
    }

    @AfterEach
    void endWhatStillRuns() {
        shell.close();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void whatGoesInComesOutInOrder() throws Exception {
        Shell.Result result = shell.run(
                "seq 25000 | turboqueue send numbers && turboqueue receive numbers --max 25000 --timeout 30s");

        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        assertThat(result.lines()).isEqualTo(numbers(1, 25000));
    }

    @Test
    void sendAndReceiveWorkAtOnceOverAPipe() throws Exception {
        Shell.Result result =
                shell.run("turboqueue send -m first numbers && turboqueue receive numbers --max 1 >/dev/null;"
                        + " turboqueue receive numbers --max 50000 --timeout 60s | turboqueue send copies & seq 50000 |"
                        + " turboqueue send numbers; wait; turboqueue receive copies --max 50000 --timeout 30s");

        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).isEqualTo(numbers(1, 50000));
    }

    @Test
    void aReaderThatGoesAwayEndsCatQuietly() throws Exception {
        Shell.Result result = shell.run(
                "seq 100000 | turboqueue send numbers; turboqueue cat numbers | head -2; echo ${PIPESTATUS[0]}");

        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).containsExactly("1", "2", "0");
    }

    @Test
    void aReaderThatGoesAwayCostsReceiveNoMessage() throws Exception {
        Shell.Result result = shell.run("seq 30000 | TURBOQUEUE_BATCH_MAX_MESSAGES=30000 turboqueue send numbers;"
                + " turboqueue receive numbers | head -2;"
                + " echo ${PIPESTATUS[0]}; turboqueue ls numbers | cut -f 6,9,10");

        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).containsExactly("1", "2", "0", "5\t1\t0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--json", "--ndjson"})
    void anOutputThatIsFullCostsReceiveNoMessage(String format) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")));
        Shell.Result result = shell.run("seq 10000 | turboqueue send numbers;"
                + " turboqueue receive numbers " + format + " >/dev/full; echo $?;"
                + " turboqueue receive numbers --max 10000 --timeout 10s | tail -1");

        assertThat(result.lines()).containsExactly("1", "10000");
        assertThat(result.err()).contains("No space left on device").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalDuringReceiveNeitherLosesNorRepeats(String signal) throws Exception {
        shell.run("seq 40000 | TURBOQUEUE_BATCH_MAX_MESSAGES=100 turboqueue send numbers");
        Path out = shell.folder().resolve("received");
        Path err = shell.folder().resolve("complaints");
        // a slow reader, so that the signal meets a receive that is at work
        Process receive = shell.start(
                "exec turboqueue receive numbers > >(while IFS= read -r line; do echo \"$line\"; done)", out, err);
        await().atMost(PATIENCE).until(() -> Files.size(out) > 0);
        Shell.signal(receive, signal);
        assertThat(receive.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Shell.Result rest = shell.run("turboqueue receive numbers --timeout 1s; true");
        await().atMost(PATIENCE).until(() -> lines(out) + rest.lines().size() >= 40000);

        List<String> all = new ArrayList<>(Files.readAllLines(out));
        all.addAll(rest.lines());
        assertThat(all).containsExactlyInAnyOrderElementsOf(numbers(1, 40000));
        assertThat(err).isEmptyFile();
    }

    private static long lines(Path file) throws IOException {
        return Files.readAllLines(file).size();
    }

    @Test
    void whatReceiveHasAckedIsWrittenEvenAsOneDocument() throws Exception {
        Path out = shell.folder().resolve("document");
        shell.run("seq 5 | turboqueue send numbers");
        Process receive = shell.start(
                "exec turboqueue receive numbers --json", out, shell.folder().resolve("err"));
        await().atMost(PATIENCE).until(() -> shell.run("turboqueue ls numbers").exit() == 3);
        receive.destroyForcibly().waitFor();

        assertThat(out).content().contains("\"payload\":\"1\"", "\"payload\":\"5\"");
    }

    @Test
    void aCommandThatSucceedsIsNotRunAgainAfterAKill() throws Exception {
        shell.run("seq 200 | turboqueue send numbers");
        Path out = shell.folder().resolve("executed");
        Process receive = shell.start(
                "exec turboqueue receive numbers --exec 'cat >> executed; echo >> executed'",
                shell.folder().resolve("out"),
                shell.folder().resolve("err"));
        await().atMost(PATIENCE).until(() -> Files.exists(out) && lines(out) >= 20);
        receive.destroyForcibly().waitFor();
        Shell.Result result =
                shell.run("turboqueue recover; turboqueue receive numbers --timeout 1s >> executed; true");

        assertThat(result.out()).startsWith("recovered: 1 owner; ready again: 1 batch;");
        List<String> executed = Files.readAllLines(out);
        assertThat(executed).containsAll(numbers(1, 200));
        assertThat(executed).as("at most the one that was running comes twice").hasSizeLessThanOrEqualTo(201);
    }

    @Test
    void exitCodesAreForScripts() throws Exception {
        Shell.Result result = shell.run("""
                turboqueue receive nothing --timeout 10ms; echo $?
                seq 10 | turboqueue send numbers; echo $?
                turboqueue receive numbers --max 20 --timeout 100ms >/dev/null; echo $?
                turboqueue receive numbers --timeout 100ms; echo $?
                turboqueue wait numbers --timeout 5s; echo $?
                turboqueue nonsense; echo $?
                """);

        assertThat(result.lines()).containsExactly("1", "0", "3", "3", "0", "2");
        assertThat(result.err().lines()).hasSize(2);
    }

    @Test
    void aWatchedScreenNeverScrolls() throws Exception {
        assumeTrue(shell.run("command -v script").exit() == 0);
        shell.run("for i in $(seq 30); do mkdir -p $TURBOQUEUE_SPOOL/q$i $TURBOQUEUE_SPOOL/owners; done");
        Shell.Result result = shell.run("chmod 700 $TURBOQUEUE_SPOOL; TERM=xterm script -qec"
                + " 'stty rows 50 cols 100; turboqueue stats --watch --count 1' /dev/null");

        assertThat(result.lines()).hasSizeLessThanOrEqualTo(50);
        assertThat(result.out()).contains("more lines");
    }

    @Test
    void aTerminalGetsTablesColoursAndASummary() throws Exception {
        assumeTrue(shell.run("command -v script").exit() == 0);
        Shell.Result result = shell.run("seq 25000 | turboqueue send numbers; TERM=xterm script -qec"
                + " 'stty cols 100; turboqueue --color always stats; turboqueue stats --watch --count 2 --every 100ms;"
                + " seq 10 | turboqueue send numbers' /dev/null");

        assertThat(result.out())
                .contains("\u001b[1mQUEUE")
                .containsPattern("numbers +ready +3 +25,000 ")
                .contains("\u001b[H")
                .contains("EMPTY IN")
                .contains("10 messages in 1 batch");
    }
}
