package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Spool;
import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoverTest {

    @TempDir
    Path temp;

    @Test
    void batchesOfTheDeadAreReadyAgainAndHalfFilledOnesDeleted() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").claimed(CliSpool.DEAD_OWNER);
        spool.batch("flights", 2, "b").attempt(9).failures(4).claimed(CliSpool.DEAD_OWNER);
        spool.loading(CliSpool.DEAD_OWNER, "flights", 3);

        Result dry = CliRun.in(spool).run("recover", "--dry-run");
        Result result = CliRun.in(spool).run("recover");

        assertThat(dry.line())
                .isEqualTo("would be recovered: " + CliSpool.DEAD_LABEL + ", 2 batches claimed, 1 half-filled");
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.line())
                .isEqualTo("recovered: 1 owner; ready again: 1 batch; dead letters now: 1; half-filled and deleted: 1");
        assertThat(spool.names("flights", "ready")).singleElement().asString().endsWith(".a1.f1.x0.db");
        assertThat(spool.names("flights", "dead")).singleElement().asString().endsWith("~attempts.db");
        assertThat(Files.exists(spool.folder().resolve("owners").resolve(CliSpool.DEAD_OWNER)))
                .isFalse();
    }

    @Test
    void noDeadOwnerIsNothingToDo() throws IOException {
        Result result = CliRun.in(new CliSpool(temp)).run("recover");

        assertThat(result.exit()).isZero();
        assertThat(result.line()).isEqualTo("no dead process has left anything");
    }

    @Test
    void theOwnerOfALivingProcessIsLeftAlone() throws IOException {
        CliSpool spool = new CliSpool(temp);
        try (Spool living = Spool.open(spool.folder())) {
            living.queue("flights").producer().close();

            assertThat(CliRun.in(spool).run("recover").line()).isEqualTo("no dead process has left anything");
            assertThat(CliRun.in(spool).run("stats").out()).containsPattern("owner\t[^\t]+\t[0-9]+\talive\t0\t0\t\t\n");
        }
    }

    @Test
    void aHalfClearedOwnerIsClearedToo() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").claimed(CliSpool.DEAD_OWNER);
        Files.delete(
                spool.folder().resolve("owners").resolve(CliSpool.DEAD_OWNER).resolve("owner-1.lock"));

        Result result = CliRun.in(spool).run("recover");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(spool.names("flights", "ready")).hasSize(1);
        assertThat(Files.exists(spool.folder().resolve("owners").resolve(CliSpool.DEAD_OWNER)))
                .isFalse();
    }
}
