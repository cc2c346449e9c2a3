package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeekTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "done", "a\tb").done(1).ready();
        spool.batch("flights", 2)
                .priority(0)
                .with(CliSpool.message("LAX", "{\"turboqueue.error\":\"boom\"}", "urgent"), CliSpool.blob(1, 0xff, 3))
                .ready();
        return spool;
    }

    @Test
    void aTerminalGetsATable() throws IOException {
        Result result = CliRun.in(some()).terminal().run("peek", "flights");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("""
                        BATCH                   ID  TIME                 KEY  PAYLOAD
                        x9k2m4q7d3w5a-00000002   1  2026-11-21 11:50:00  LAX  [boom] urgent
                        x9k2m4q7d3w5a-00000002   2  2026-11-21 11:50:00  -    (3 bytes)
                        x9k2m4q7d3w5a-00000001   2  2026-11-21 11:50:00  -    a b
                        """);
    }

    @Test
    void aPipeGetsTabs() throws IOException {
        assertThat(CliRun.in(some()).run("peek", "flights", "-n", "1").bars())
                .isEqualTo("x9k2m4q7d3w5a-00000002|1|2026-11-21T11:50:00Z|LAX|[boom] urgent\n");
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        assertThat(CliRun.in(some()).run("peek", "flights", "--json").line())
                .isEqualTo("{\"messages\":["
                        + "{\"queue\":\"flights\",\"batch\":\"x9k2m4q7d3w5a-00000002\",\"id\":1,"
                        + "\"time\":\"2026-11-21T11:50:00Z\",\"key\":\"LAX\",\"headers\":{\"turboqueue.error\":\"boom\"},"
                        + "\"payload\":\"urgent\"},"
                        + "{\"queue\":\"flights\",\"batch\":\"x9k2m4q7d3w5a-00000002\",\"id\":2,"
                        + "\"time\":\"2026-11-21T11:50:00Z\",\"key\":null,\"headers\":{},\"payloadBase64\":\"Af8D\"},"
                        + "{\"queue\":\"flights\",\"batch\":\"x9k2m4q7d3w5a-00000001\",\"id\":2,"
                        + "\"time\":\"2026-11-21T11:50:00Z\",\"key\":null,\"headers\":{},\"payload\":\"a\\tb\"}]}");
    }

    @Test
    void anotherStateIsShownIfItIsNamed() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 3, "dead one").dead("attempts");

        assertThat(CliRun.in(spool).run("peek", "flights", "--state", "dead").bars())
                .isEqualTo("x9k2m4q7d3w5a-00000003|1|2026-11-21T11:50:00Z||dead one\n");
    }

    @Test
    void aStateThatIsNoneIsRefusedWithThoseThatAre() throws IOException {
        Result result = CliRun.in(some()).run("peek", "flights", "--state", "deda");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err())
                .contains("\"deda\" is not allowed: it must be one of ready, delayed, claimed, held, dead")
                .doesNotContain("io.turboqueue", "READY")
                .hasLineCount(1);
    }

    @Test
    void anEmptyQueueIsThree() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("flights");

        assertThat(CliRun.in(spool).run("peek", "flights").exit()).isEqualTo(3);
        assertThat(CliRun.in(spool).run("peek", "flights", "--json").out()).isEqualTo("{\"messages\":[]}\n");
        assertThat(CliRun.in(spool).run("peek", "flights", "--ndjson").out()).isEmpty();
    }

    @Test
    void aDamagedBatchIsToldOfAndTheRestIsShown() throws IOException {
        CliSpool spool = some();
        CliSpool.cut(spool.batch("flights", 3, "x").priority(0).ready(), 5000);

        Result result = CliRun.in(spool).run("peek", "flights");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.err())
                .contains("batch " + CliSpool.id(3) + " is damaged (size)")
                .hasLineCount(1);
        assertThat(result.lines()).hasSize(3);
    }

    @Test
    void nothingIsClaimed() throws IOException {
        CliSpool spool = some();
        List<String> before = CliSpool.everything(spool.folder());

        CliRun.in(spool).run("peek", "flights");

        assertThat(CliSpool.everything(spool.folder())).isEqualTo(before);
        assertThat(Files.exists(spool.folder().resolve("flights/delayed"))).isFalse();
    }

    @Test
    void whatIsNotDueIsNotNext() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").age(Duration.ofHours(-1)).delayed();

        assertThat(CliRun.in(spool).run("peek", "flights").exit()).isEqualTo(3);
    }
}
