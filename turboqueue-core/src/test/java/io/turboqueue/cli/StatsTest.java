package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import io.turboqueue.cli.support.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b", "c").done(1).ready();
        spool.batch("flights", 2, "d").age(Duration.ofMinutes(-5)).delayed();
        spool.batch("flights", 3, "e").attempt(5).age(Duration.ofDays(2)).dead("attempts");
        spool.queue("mails");
        return spool;
    }

    @Test
    void qEndsTheWatch() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").ready();

        Result result = CliRun.in(spool)
                .terminal(new Terminal(true, true, true, 80, 24))
                .input("xq")
                .run("stats", "--watch", "--every", "1h");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("flights");
    }

    @Test
    void aTerminalGetsAlignedColumnsUnderHeadings() throws IOException {
        Result result = CliRun.in(some()).terminal().run("stats");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("""
                        QUEUE    STATE    BATCHES  MESSAGES     SIZE  OLDEST
                        flights  ready          1         2  8.0 KiB     10m
                        flights  delayed        1         1  8.0 KiB   in 5m
                        flights  dead           1         1  8.0 KiB      2d
                        mails    ready          0         0      0 B       -
                        """);
    }

    @Test
    void aPipeGetsPlainNumbersBetweenTabs() throws IOException {
        Result result = CliRun.in(some()).run("stats");

        assertThat(result.exit()).isZero();
        assertThat(result.bars()).isEqualTo("""
                        queue|flights|ready|1|2|8192|600.0
                        queue|flights|delayed|1|1|8192|-300.0
                        queue|flights|dead|1|1|8192|172800.0
                        queue|mails|ready|0|0|0|
                        """);
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        CliSpool spool = some();

        Result result = CliRun.in(spool).run("stats", "--json");

        assertThat(result.exit()).isZero();
        assertThat(result.line())
                .isEqualTo("{\"spool\":\"" + spool.folder() + "\",\"time\":\"2026-11-21T12:00:00Z\",\"queues\":["
                        + "{\"queue\":\"flights\",\"paused\":false,\"foreign\":0,"
                        + "\"ready\":{\"batches\":1,\"messages\":2,\"bytes\":8192,\"oldest\":\"2026-11-21T11:50:00Z\"},"
                        + "\"delayed\":{\"batches\":1,\"messages\":1,\"bytes\":8192,\"oldest\":\"2026-11-21T12:05:00Z\"},"
                        + "\"claimed\":{\"batches\":0,\"messages\":0,\"bytes\":0,\"oldest\":null},"
                        + "\"held\":{\"batches\":0,\"messages\":0,\"bytes\":0,\"oldest\":null},"
                        + "\"dead\":{\"batches\":1,\"messages\":1,\"bytes\":8192,\"oldest\":\"2026-11-19T12:00:00Z\"}},"
                        + emptyQueue("mails") + "],\"owners\":[],\"unreadable\":[],\"degraded\":null}");
    }

    private static String emptyQueue(String name) {
        String nothing = "{\"batches\":0,\"messages\":0,\"bytes\":0,\"oldest\":null}";
        return "{\"queue\":\"" + name + "\",\"paused\":false,\"foreign\":0,\"ready\":" + nothing + ",\"delayed\":"
                + nothing + ",\"claimed\":" + nothing + ",\"held\":" + nothing + ",\"dead\":" + nothing + "}";
    }

    @Test
    void ndjsonHasALineForEachQueueAndOwner() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("mails");
        spool.deadOwner(CliSpool.DEAD_OWNER);

        Result result = CliRun.in(spool).run("stats", "--ndjson");

        assertThat(result.lines())
                .containsExactly(
                        emptyQueue("mails"),
                        "{\"owner\":\"" + CliSpool.DEAD_OWNER
                                + "\",\"pid\":4711,\"alive\":false,\"state\":\"dead\",\"claimed\":0,\"loading\":0,"
                                + "\"heldForSeconds\":null,\"claims\":{}}");
    }

    @Test
    void aDeadOwnerIsShownWithWhatItHolds() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").claimed(CliSpool.DEAD_OWNER);
        spool.batch("mails", 2, "c").claimed(CliSpool.DEAD_OWNER);
        spool.loading(CliSpool.DEAD_OWNER, "mails", 3);

        assertThat(CliRun.in(spool).terminal().run("stats").out())
                .containsPattern("OWNER +PID +STATE +CLAIMED +LOADING +FOR +HOLDS")
                .containsPattern("4711-k3v9q2m7x4wd8c1z +4711 +dead +2 +1 .* flights 1, mails 1\n");
        assertThat(CliRun.in(spool).run("stats", "--json").line())
                .containsPattern("\"owner\":\"" + Pattern.quote(CliSpool.DEAD_OWNER)
                        + "\",\"pid\":4711,\"alive\":false,\"state\":\"dead\",\"claimed\":2,"
                        + "\"loading\":1,\"heldForSeconds\":-?[0-9.E]+,"
                        + Pattern.quote(
                                "\"claims\":{\"flights\":1,\"mails\":1}}],\"unreadable\":[],\"degraded\":null}"));
    }

    @Test
    void aPausedQueueAndForeignFilesAreTold() throws IOException {
        CliSpool spool = some();
        spool.foreign("flights", "ready", "readme.txt");
        Files.createFile(spool.folder().resolve("flights/paused"));

        assertThat(CliRun.in(spool).terminal().run("stats", "flights").out())
                .contains("ready (paused)")
                .contains("flights: 1 file that the queue ignores; see 'turboqueue verify'");
        assertThat(CliRun.in(spool).run("stats", "flights", "--json").line()).contains("\"paused\":true,\"foreign\":1");
    }

    @Test
    void anEmptySpoolHasNoQueues() throws IOException {
        CliSpool spool = new CliSpool(temp);

        assertThat(CliRun.in(spool).terminal().run("stats").line()).isEqualTo("no queues in " + spool.folder());
        assertThat(CliRun.in(spool).run("stats").out()).isEmpty();
        assertThat(CliRun.in(spool).run("stats", "--json").exit()).isZero();
    }

    @Test
    void anUnknownQueueIsNothingFoundAndTheOthersAreNamed() throws IOException {
        Result result = CliRun.in(some()).run("stats", "fligths");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err())
                .contains("there is no queue fligths")
                .contains("there are: flights, mails")
                .hasLineCount(1);
    }

    @Test
    void watchingWithoutATerminalPrintsRatesAsOftenAsSaid() throws IOException {
        Result result = CliRun.in(some()).run("stats", "flights", "--watch", "--every", "1ms", "--count", "2");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).doesNotContain("\u001b");
        assertThat(result.lines().stream().filter(line -> line.contains("EMPTY IN")))
                .hasSize(2);
        assertThat(result.lines().stream().filter(line -> line.startsWith("2026-11-21 12:00:00")))
                .hasSize(2);
    }

    @Test
    void watchingOnATerminalDrawsOverTheLastPicture() throws IOException {
        Result result =
                CliRun.in(some()).terminal().run("stats", "flights", "--watch", "--every", "1ms", "--count", "2");

        assertThat(result.exit()).isZero();
        assertThat(result.out().split("\u001b\\[H", -1)).hasSize(3);
    }

    @Test
    void watchingAsJsonHasADocumentALineWithPinnedFields() throws IOException {
        Result result =
                CliRun.in(some()).run("stats", "flights", "--watch", "--every", "1ms", "--count", "2", "--json");

        assertThat(result.lines())
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(line)
                                .startsWith("{\"time\":\"2026-11-21T12:00:00Z\",\"queues\":[{\"queue\":\"flights\"")
                                .endsWith(
                                        "\"inPerSecond\":0.0,\"outPerSecond\":0.0,\"ackedPerSecond\":0.0,\"emptyInSeconds\":null}],\"degraded\":null}"));
    }

    @Test
    void aQueueThatCannotBeLookedAtIsNamedAndHidesNoOther() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").ready();
        Files.createDirectories(spool.folder().resolve("odd"));
        Files.writeString(spool.folder().resolve("odd/ready"), "no folder");

        Result plain = CliRun.in(spool).run("stats");

        assertThat(plain.exit()).isEqualTo(1);
        assertThat(plain.out())
                .contains("queue\tflights\tready\t1\t2\t")
                .containsPattern("unreadable\todd\t.*odd/ready");
        assertThat(CliRun.in(spool).terminal().run("stats").out()).contains("flights", "odd cannot be looked at: ");
        assertThat(CliRun.in(spool).run("stats", "--json").line()).contains("\"unreadable\":[{\"queue\":\"odd\",");
        assertThat(CliRun.in(spool).run("health").line()).contains("critical: odd: cannot be looked at: ");
    }
}
