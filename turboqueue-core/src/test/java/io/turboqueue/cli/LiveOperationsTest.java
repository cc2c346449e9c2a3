package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every verb that changes something, again and again, while other processes produce and consume. */
class LiveOperationsTest {

    private static final int MESSAGES = 40_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

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

    private CliRun cli() {
        return CliRun.in(shell.spool()).clock(InstantSource.system());
    }

    @Test
    void nothingIsLostAndNothingComesTwice() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        shell.run("turboqueue send live -m 0");
        Process producer = start(
                "seq 1 " + MESSAGES
                        + " | TURBOQUEUE_BATCH_MAX_MESSAGES=50 TURBOQUEUE_BACKPRESSURE_MAX_READY_BATCHES=200"
                        + " turboqueue send live",
                "producer");
        List<Process> consumers =
                List.of(start("turboqueue receive live", "one"), start("turboqueue receive live", "two"));

        int operations = 0;
        while (producer.isAlive()) {
            operate(random.nextInt(6));
            operations++;
        }
        backToNormal();
        assertThat(cli().run("wait", "live", "--timeout", "90s").exit())
                .as("seed %d", seed)
                .isZero();
        for (Process consumer : consumers) {
            consumer.destroy();
            assertThat(consumer.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        List<String> received =
                new ArrayList<>(Files.readAllLines(shell.folder().resolve("one")));
        received.addAll(Files.readAllLines(shell.folder().resolve("two")));
        assertThat(operations).as("operations while the producer was at work").isPositive();
        assertThat(received)
                .as("seed %d", seed)
                .hasSize(MESSAGES + 1)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(0, MESSAGES)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(shell.folder().resolve("one.err")).isEmptyFile();
        assertThat(shell.folder().resolve("two.err")).isEmptyFile();
    }

    private Process start(String script, String name) throws IOException {
        String command = script.startsWith("turboqueue") ? "exec " + script : script;
        return shell.start(command, shell.folder().resolve(name), shell.folder().resolve(name + ".err"));
    }

    private void operate(int operation) {
        CliRun cli = cli();
        switch (operation) {
            case 0 -> {
                cli.run("pause", "live");
                cli.run("resume", "live");
            }
            case 1 -> cli.run("hold", "live", "--limit", "20");
            case 2 -> cli.run("release", "live", "--all");
            case 3 -> cli.run("move", "live", "--to", "aside", "--limit", "20");
            case 4 -> cli.run("move", "aside", "--to", "live", "--all");
            default -> {
                cli.run("recover");
                cli.run("redrive", "live", "--all");
                cli.run("purge", "live", "--state", "dead", "--all", "--yes");
                cli.run("stats", "--json");
            }
        }
    }

    private void backToNormal() {
        CliRun cli = cli();
        cli.run("resume", "live");
        cli.run("release", "live", "--all");
        cli.run("move", "aside", "--to", "live", "--all");
    }

    @Test
    void aPausedQueueIsLeftAloneByConsumersOfOtherProcesses() throws Exception {
        CliRun cli = cli();
        shell.run("turboqueue send live -m first");
        Process consumer = start("turboqueue receive live", "paused");
        Path received = shell.folder().resolve("paused");
        await().atMost(PATIENCE).until(() -> Files.readAllLines(received).size() == 1);

        cli.run("pause", "live");
        shell.run("turboqueue send live -m second");
        assertThat(cli.run("stats", "live").out()).contains("ready (paused)\t1\t1");
        assertThat(Files.readAllLines(received)).containsExactly("first");
        cli.run("resume", "live");
        await().atMost(PATIENCE).until(() -> Files.readAllLines(received).size() == 2);

        consumer.destroy();
        assertThat(consumer.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void recoverBringsBackWhatAKilledConsumerHeld() throws Exception {
        CliRun cli = cli();
        shell.run("seq 100 | turboqueue send live");
        Process consumer = start("turboqueue receive live --batch --exec 'sleep 600'", "killed");
        await().atMost(PATIENCE).until(() -> cli.run("stats", "live").out().contains("claimed"));
        consumer.descendants().forEach(ProcessHandle::destroyForcibly);
        consumer.destroyForcibly().waitFor();

        assertThat(cli.run("stats").out()).containsPattern("owner\t\\S+\t\\d+\tdead\t1");
        assertThat(cli.run("recover").out())
                .isEqualTo(
                        "recovered: 1 owner; ready again: 1 batch; dead letters now: 0; half-filled and deleted: 0\n");
        assertThat(cli.run("ls", "live").out()).containsPattern("live\tready\t.*\t1\t0\t$");
    }
}
