package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verbs that are asked to end: they finish, say how far they came, and leave nothing behind. */
class SignalsTest {

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

    private Path err() {
        return shell.folder().resolve("err");
    }

    /** The shell becomes the command, so a signal to one is a signal to the other. */
    private Process start(String words) throws IOException {
        return shell.start("exec turboqueue " + words, shell.folder().resolve("out"), err());
    }

    private static void signal(Process process, String signal) throws IOException, InterruptedException {
        Shell.signal(process, signal);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private List<String> owners() throws IOException {
        return names(shell.spool().resolve("owners"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("format-"))
                    .toList();
        }
    }

    private void awaitOwner() {
        await().atMost(PATIENCE).until(() -> Files.isDirectory(shell.spool().resolve("owners")) && !owners().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "HUP,129"})
    void aReceiverThatWaitsLeavesNoOwnerDirectory(String signal, int code) throws Exception {
        shell.run("turboqueue send q -m a");
        Process receiver = start("receive q");
        awaitOwner();
        await().atMost(PATIENCE).until(() -> Files.size(shell.folder().resolve("out")) > 0);

        signal(receiver, signal);

        assertThat(receiver.exitValue()).isEqualTo(code);
        assertThat(owners()).isEmpty();
        assertThat(Files.readString(err())).isEmpty();
    }

    @Test
    void aReceiverWhoseCommandRunsWaitsForItAndLeavesNoOwnerDirectory() throws Exception {
        shell.run("turboqueue send q -m a -m b -m c");
        Process receiver = start("receive q --exec 'touch began; sleep 1; touch ended'");
        await().atMost(PATIENCE).until(() -> Files.exists(shell.folder().resolve("began")));

        signal(receiver, "TERM");

        assertThat(receiver.exitValue()).isEqualTo(143);
        assertThat(shell.folder().resolve("ended")).exists();
        assertThat(owners()).isEmpty();
        assertThat(shell.run("turboqueue cat q").lines()).containsExactly("b", "c");
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "HUP,129"})
    void aSenderThatWaitsForInputPublishesAndSaysHowMany(String signal, int code) throws Exception {
        shell.run("mkfifo input");
        Process sender = start("send q < input");
        Process writer = shell.start(
                "{ seq 1234; touch wrote; exec sleep 600; } > input",
                shell.folder().resolve("seq.out"),
                shell.folder().resolve("seq.err"));
        awaitOwner();
        await().atMost(PATIENCE).until(() -> Files.exists(shell.folder().resolve("wrote")));
        await().atMost(PATIENCE).until(() -> !shell.run("turboqueue ls q").out().isEmpty()); // its linger is over

        signal(sender, signal);

        writer.destroy();
        assertThat(sender.exitValue()).isEqualTo(code);
        assertThat(Files.readString(err())).isEqualTo("published: 1234 messages, the first 1234 of the input\n");
        assertThat(shell.run("turboqueue cat q | tail -1").out()).isEqualTo("1234\n");
        assertThat(owners()).isEmpty();
    }

    @Test
    void aSenderThatWaitsForRoomSaysSoOnceAndHowManyArePublishedWhenItIsEnded() throws Exception {
        shell.run("turboqueue send q -m 0; echo '{\"batch.maxMessages\": 10, \"backpressure.maxReadyBatches\": 2}'"
                + " > $TURBOQUEUE_SPOOL/q/queue.json");
        Process sender = start("send q < <(seq 1000)");
        await().atMost(PATIENCE).until(() -> Files.readString(err()).contains("queue q is full"));
        Thread.sleep(1500); // it does not say it again

        signal(sender, "TERM");

        assertThat(sender.exitValue()).isEqualTo(143);
        List<String> said = Files.readAllLines(err());
        assertThat(said).hasSize(2);
        assertThat(said.get(0)).contains("queue q is full: waiting for room since 20");
        long published =
                Long.parseLong(said.get(1).replaceAll("published: (\\d+) messages, the first \\1 of the input", "$1"));
        assertThat(shell.run("turboqueue cat q | tail -1").out()).isEqualTo(published + "\n");
        assertThat(owners()).isEmpty();
    }

    @Test
    void aSenderThatFailsSaysHowManyArePublished() throws Exception {
        Shell.Result result = shell.run("""
                printf '{"payload":"a"}\\n{"payload":"b"}\\nrubbish\\n' | turboqueue import q; echo "exit $?"
                seq 10 | TURBOQUEUE_BATCH_MAX_BYTES=1KiB turboqueue send q - <(head -c 5000 /dev/zero) <(seq 10); echo "exit $?"
                """);

        assertThat(result.lines()).containsExactly("exit 1", "exit 1");
        assertThat(result.err().lines())
                .hasSize(4)
                .anyMatch(line -> line.equals("published: 2 messages, the first 2 of the input"))
                .anyMatch(line -> line.equals("published: 10 messages, the first 10 of the input"));
        assertThat(owners()).isEmpty();
    }
}
