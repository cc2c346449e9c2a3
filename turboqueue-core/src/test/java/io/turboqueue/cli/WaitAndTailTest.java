package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitAndTailTest {

    @TempDir
    Path temp;

    private static CompletableFuture<Result> started(CliSpool spool, String... words) {
        return CompletableFuture.supplyAsync(() -> CliRun.in(spool).run(words));
    }

    @Test
    void anEmptyQueueIsWaitedForNoLonger() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("flights");
        spool.batch("mails", 1, "a").held();
        spool.batch("mails", 2, "a").dead("crc");

        assertThat(CliRun.in(spool).run("wait").exit()).isZero();
    }

    @Test
    void tooLongIsThreeAndTellsWhatIsLeft() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").ready();
        spool.batch("flights", 2, "a").delayed();
        spool.batch("flights", 3, "a").claimed(CliSpool.DEAD_OWNER);

        Result result = CliRun.in(spool).run("wait", "flights", "--timeout", "0s");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err()).startsWith("3 batches left after ").hasLineCount(1);
    }

    @Test
    void itEndsWhenTheLastBatchIsGone() throws Exception {
        CliSpool spool = new CliSpool(temp);
        Path batch = spool.batch("flights", 1, "a").ready();

        CompletableFuture<Result> waiting = started(spool, "wait", "flights", "--timeout", "60s");
        Files.delete(batch);

        assertThat(waiting.get(30, TimeUnit.SECONDS).exit()).isZero();
    }

    @Test
    void followingGoesOnWithWhatIsPublished() throws Exception {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").ready();

        CompletableFuture<Result> tail = started(spool, "tail", "flights", "--follow", "--limit", "3");
        spool.batch("flights", 2, "b", "c", "d").age(Duration.ZERO).ready();

        Result result = tail.get(30, TimeUnit.SECONDS);
        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("a\nb\nc\n");
    }

    @Test
    void theLastMessagesComeInOrder() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").age(Duration.ofHours(1)).ready();
        spool.batch("flights", 2, "c").ready();
        spool.batch("flights", 3, "dead").dead("crc");

        assertThat(CliRun.in(spool).run("tail", "flights", "-n", "2").out()).isEqualTo("b\nc\n");
        assertThat(CliRun.in(spool).terminal().run("tail", "flights").out()).isEqualTo("a\nb\nc\n");
        assertThat(CliRun.in(spool).run("tail", "flights", "--limit", "1").out())
                .isEqualTo("a\n");
        assertThat(CliRun.in(spool)
                        .run("tail", "flights", "-n", "2", "--include", "[ab]")
                        .out())
                .isEqualTo("a\nb\n");
    }

    @Test
    void theFieldsOfTailsJsonArePinned() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "skipped", "a").done(1).ready();

        assertThat(CliRun.in(spool).run("tail", "flights", "--json").out())
                .isEqualTo("{\"messages\":[{\"queue\":\"flights\",\"batch\":\"x9k2m4q7d3w5a-00000001\",\"id\":2,"
                        + "\"time\":\"2026-11-21T11:50:00Z\",\"key\":null,\"headers\":{},\"payload\":\"a\"}]}\n");
    }

    @Test
    void anEmptyTailIsThree() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("flights");

        assertThat(CliRun.in(spool).run("tail", "flights").exit()).isEqualTo(3);
    }
}
