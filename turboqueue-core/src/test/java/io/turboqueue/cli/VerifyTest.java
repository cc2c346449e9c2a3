package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").ready();
        spool.batch("flights", 2, "c").delayed();
        spool.batch("flights", 3, "d").held();
        return spool;
    }

    @Test
    void aWholeSpoolIsZero() throws IOException {
        CliSpool spool = some();

        for (Result result : List.of(
                CliRun.in(spool).run("verify"), CliRun.in(spool).terminal().run("verify"))) {
            assertThat(result.exit()).isZero();
            assertThat(result.out()).isEqualTo("3 batches, 4 messages, 24.0 KiB: no damage\n");
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void damageIsFourAndToldBatchByBatch() throws IOException {
        CliSpool spool = some();
        CliSpool.flip(spool.batch("flights", 4, "x").ready(), 8000);
        CliSpool.cut(spool.batch("flights", 5, "y").age(Duration.ofMinutes(1)).ready(), 5000);

        Result pipe = CliRun.in(spool).run("verify");
        Result terminal = CliRun.in(spool).terminal().run("verify");

        assertThat(pipe.exit()).isEqualTo(4);
        assertThat(pipe.lines()).hasSize(3);
        assertThat(pipe.bars())
                .contains("flights|ready|x9k2m4q7d3w5a-00000004|crc|", "flights|ready|x9k2m4q7d3w5a-00000005|size|");
        assertThat(pipe.lines().get(2)).isEqualTo("5 batches, 4 messages, 24.0 KiB: 2 damaged");
        assertThat(terminal.exit()).isEqualTo(4);
        assertThat(terminal.lines().get(0)).matches("QUEUE +STATE +BATCH +PROBLEM +DETAIL");
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        CliSpool spool = some();
        spool.foreign("flights", "ready", "read me");

        assertThat(CliRun.in(spool).run("verify", "--json").line())
                .isEqualTo("{\"batches\":3,\"messages\":4,\"bytes\":24576,\"damaged\":0,\"problems\":["
                        + "{\"queue\":\"flights\",\"state\":\"ready\",\"batch\":\"read me\",\"problem\":\"name\","
                        + "\"detail\":\"is no batch's name, so it is ignored\"}]}");
    }

    @Test
    void foreignNamesAreToldOfButAreNoDamage() throws IOException {
        CliSpool spool = some();
        spool.foreign("flights", "ready", "read\u001bme.txt");

        Result result = CliRun.in(spool).run("verify");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("\tname\tis no batch's name").doesNotContain("\u001b");
    }

    @Test
    void theSameBatchInTwoPlacesIsADuplicate() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 1, "a", "b").held();

        Result result = CliRun.in(spool).run("verify", "--ndjson");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.line()).contains("\"problem\":\"duplicate\"").contains("the same batch is also in ");
    }

    @Test
    void aDeadLetterIsCheckedOnlyIfAskedFor() throws IOException {
        CliSpool spool = some();
        CliSpool.flip(spool.batch("flights", 4, "x").dead("crc"), 8000);

        assertThat(CliRun.in(spool).run("verify").exit()).isZero();
        assertThat(CliRun.in(spool).run("verify", "flights", "--state", "dead").exit())
                .isEqualTo(4);
    }

    @Test
    void aShortFormBatchOfAnotherProgramIsChecked() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Path file = spool.batch("flights", 1, "a", "b").shortForm("shell");

        assertThat(CliRun.in(spool).run("verify").line())
                .startsWith("1 batch, 2 messages, ")
                .endsWith("no damage");
        CliSpool.cut(file, 4096);
        assertThat(CliRun.in(spool).run("verify").exit()).isEqualTo(4);
    }

    @Test
    void aTextFileUnderABatchsNameIsDamageWithoutAStackTrace() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.foreign("flights", "ready", "5-20261121T115000000Z-shell.db");

        Result result = CliRun.in(spool).run("verify");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("1 damaged");
    }

    @Test
    void anEmptySpoolIsWhole() throws IOException {
        assertThat(CliRun.in(new CliSpool(temp)).run("verify").line())
                .isEqualTo("0 batches, 0 messages, 0 B: no damage");
    }
}
