package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import io.turboqueue.cli.support.PipeStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiveTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b", "c").ready();
        return spool;
    }

    /** Claims only what is there already. */
    private static Result receive(CliSpool spool, String... options) {
        List<String> words = new ArrayList<>(List.of("receive", "flights", "--timeout", "0s"));
        words.addAll(List.of(options));
        return CliRun.in(spool).run(words.toArray(String[]::new));
    }

    private static String only(CliSpool spool, String state) throws IOException {
        List<String> names = spool.names("flights", state);
        assertThat(names).hasSize(1);
        return names.get(0);
    }

    @Test
    void payloadsAreLinesAndTheBatchIsAcked() throws IOException {
        CliSpool spool = some();

        Result result = receive(spool);

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("a\nb\nc\n");
        assertThat(spool.files()).isEmpty();
    }

    @Test
    void nothingInTimeIsThree() throws IOException {
        CliSpool spool = some();

        assertThat(receive(spool, "--max", "4").exit()).isEqualTo(3);
        assertThat(receive(spool).exit()).isEqualTo(3);
    }

    @Test
    void theRestOfABatchGoesBackWithoutAnAttempt() throws IOException {
        CliSpool spool = some();

        Result first = receive(spool, "--max", "2");

        assertThat(first.exit()).isZero();
        assertThat(first.out()).isEqualTo("a\nb\n");
        assertThat(only(spool, "ready")).endsWith(".a0.o2.db");
        assertThat(receive(spool, "--max", "2").out()).isEqualTo("c\n");
        assertThat(spool.files()).isEmpty();
    }

    @Test
    void wholeBatchesAreCountedOnRequest() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 2, "d").age(Duration.ofMinutes(1)).ready();

        Result result = receive(spool, "--batch", "--max", "1");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("a\nb\nc\n");
        assertThat(spool.names("flights", "ready")).hasSize(1);
    }

    @Test
    void theFieldsOfNdjsonAndJsonArePinned() throws IOException {
        CliSpool spool = new CliSpool(temp);
        String message = "{\"queue\":\"flights\",\"batch\":\"x9k2m4q7d3w5a-00000001\",\"id\":1,"
                + "\"time\":\"2026-11-21T11:50:00Z\",\"attempt\":1,\"key\":\"LAX\",\"headers\":{\"lang\":\"en\"},"
                + "\"payload\":\"a\"}";

        batchWithKey(spool);
        assertThat(receive(spool, "--ndjson").out()).isEqualTo(message + "\n");
        batchWithKey(spool);
        assertThat(receive(spool, "--json").out()).isEqualTo("{\"messages\":[" + message + "]}\n");
        assertThat(receive(spool, "--json").out()).isEqualTo("{\"messages\":[]}\n");
    }

    private static void batchWithKey(CliSpool spool) throws IOException {
        spool.batch("flights", 1)
                .with(CliSpool.message("LAX", "{\"lang\":\"en\"}", "a"))
                .attempt(1)
                .ready();
    }

    /** A full disk, or a pipe whose reader went away. */
    private static OutputStream failing(String message) {
        return new BufferedOutputStream(new PipeStream(new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(message);
            }
        }));
    }

    @Test
    void whatCannotBeWrittenIsNotAckedAndCountsAnAttemptButNoFailure() throws IOException {
        CliSpool spool = some();
        String before = only(spool, "ready");

        Result result = CliRun.in(spool)
                .output(failing("No space left on device"))
                .run("receive", "flights", "--timeout", "0s");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("No space left on device").doesNotContain("\tat ");
        assertThat(only(spool, "ready")).isEqualTo(before.replace(".a0.", ".a1."));
    }

    @Test
    void aClosedPipeEndsItQuietlyAndNothingIsAcked() throws IOException {
        CliSpool spool = some();
        String before = only(spool, "ready");

        Result result = CliRun.in(spool).output(failing("Broken pipe")).run("receive", "flights", "--timeout", "0s");

        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(only(spool, "ready")).isEqualTo(before.replace(".a0.", ".a1."));
    }

    @Test
    void aFailureOfTheOutputIsToldOnce() throws IOException {
        Result result = CliRun.in(some())
                .output(failing("No space left on device"))
                .run("receive", "flights", "--timeout", "0s");

        assertThat(result.err()).hasLineCount(1);
    }

    @Test
    void aCommandGetsEachMessageAndItsEnvironment() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a")
                .with(CliSpool.message("LAX", null, "b"))
                .attempt(1)
                .ready();

        Result result = receive(
                spool,
                "--exec",
                "(cat; echo \" $TQ_QUEUE $TQ_BATCH $TQ_ID $TQ_KEY $TQ_TIME $TQ_ATTEMPT $TQ_IDENTITY\") >> "
                        + temp.resolve("got"));

        assertThat(result.exit()).isZero();
        assertThat(Files.readAllLines(temp.resolve("got")))
                .containsExactly(
                        "a flights x9k2m4q7d3w5a-00000001 1  2026-11-21T11:50:00Z 1 x9k2m4q7d3w5a-00000001/1",
                        "b flights x9k2m4q7d3w5a-00000001 2 LAX 2026-11-21T11:50:00Z 1 x9k2m4q7d3w5a-00000001/2");
        assertThat(spool.files()).isEmpty();
    }

    @Test
    void aMessageWhoseCommandFailsIsRetriedAlone() throws IOException {
        CliSpool spool = some();

        Result result = receive(spool, "--exec", "test \"$(cat)\" != b");

        assertThat(result.exit()).as("a script can tell").isEqualTo(1);
        assertThat(spool.names("flights", "ready")).isEmpty();
        assertThat(only(spool, "delayed")).contains(".n1.").endsWith(".a1.db");
        assertThat(CliRun.in(spool)
                        .run("cat", "flights", "--state", "delayed", "--ndjson")
                        .line())
                .contains("the command ended with 1", "\"payload\":\"b\"");
    }

    @Test
    void aMessageWhoseCommandFailsAtTheLimitIsADeadLetter() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1)
                .with(CliSpool.message(null, "{\"turboqueue.attempt\":\"4\"}", "a"))
                .ready();

        receive(spool, "--exec", "exit 1");

        assertThat(only(spool, "dead")).contains(".n1.");
    }

    @Test
    void maxLimitsTheCommandsRunsToo() throws IOException {
        CliSpool spool = some();

        assertThat(receive(spool, "--max", "1", "--exec", "true").exit()).isZero();
        assertThat(only(spool, "ready")).endsWith(".a0.o1.db");
    }

    @Test
    void aCommandGetsAWholeBatchOnRequest() throws IOException {
        CliSpool spool = some();

        Result result = receive(spool, "--batch", "--exec", "(cat; echo $TQ_MESSAGES) > " + temp.resolve("got"));

        assertThat(result.exit()).isZero();
        assertThat(Files.readString(temp.resolve("got"))).isEqualTo("a\nb\nc\n3\n");
        assertThat(spool.files()).isEmpty();
    }

    @Test
    void aBatchWhoseCommandFailsIsRetriedAsAWhole() throws IOException {
        CliSpool spool = some();

        receive(spool, "--batch", "--exec", "exit 7");

        assertThat(only(spool, "delayed")).contains(".n3.").endsWith(".a1.f1.db");
    }

    @Test
    void aCommandThatReadsNothingMaySucceed() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "x".repeat(300_000)).ready();

        assertThat(receive(spool, "--exec", "true").exit()).isZero();
        assertThat(spool.files()).isEmpty();
    }

    @Test
    void aDamagedBatchIsSetAsideAndTheNextOneComes() throws IOException {
        CliSpool spool = some();
        CliSpool.flip(spool.batch("flights", 2, "x").priority(0).ready(), 8000);

        Result result = receive(spool);

        assertThat(result.out()).isEqualTo("a\nb\nc\n");
        assertThat(only(spool, "dead")).endsWith("~crc.db");
    }

    @Test
    void anUnknownQueueIsThreeAndIsNotMade() throws IOException {
        CliSpool spool = new CliSpool(temp);

        Result result = receive(spool);

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err()).contains("there is no queue flights").hasLineCount(1);
        assertThat(Files.exists(spool.folder().resolve("flights"))).isFalse();
    }

    @Test
    void noOwnerIsLeftBehind() throws IOException {
        CliSpool spool = some();

        receive(spool);

        try (Stream<Path> owners = Files.list(spool.folder().resolve("owners"))) {
            assertThat(owners).allMatch(Files::isRegularFile);
        }
    }

    @Test
    void whatAnOwnerHasThatCannotBeSeenIsWaitedForUntilTheSecondLook() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").claimed("4711-x-x-x.x.x.x-k3v9q2m7x4wd8c1z");

        Result result = CliRun.in(spool).run("receive", "flights", "--timeout", "10ms");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo("a\n");
    }
}
