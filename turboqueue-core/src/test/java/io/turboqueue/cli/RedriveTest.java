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

class RedriveTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").attempt(5).failures(5).dead("attempts");
        spool.batch("flights", 2, "c").age(Duration.ofHours(3)).attempt(5).dead("rejected");
        spool.batch("flights", 3, "d").dead("crc");
        return spool;
    }

    @Test
    void deadLettersBecomeReadyWithNoFailuresAndDamagedOnesStay() throws IOException {
        CliSpool spool = some();

        Result result = CliRun.in(spool).run("redrive", "flights", "--all");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("redriven: 2 batches, 3 messages of flights\n");
        assertThat(result.err())
                .contains("1 damaged or salvaged ones are left where they are")
                .hasLineCount(1);
        assertThat(spool.names("flights", "ready")).hasSize(2).allMatch(name -> name.endsWith(".a5.db"));
        assertThat(spool.names("flights", "dead")).singleElement().asString().endsWith("~crc.db");
    }

    @Test
    void reasonAgeAndIdNarrowIt() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool)
                        .run("redrive", "flights", "--older-than", "1h", "--dry-run")
                        .line())
                .isEqualTo("would be redriven: flights dead " + CliSpool.id(2));
        assertThat(CliRun.in(spool)
                        .run("redrive", "flights", "--reason", "crc", "--dry-run")
                        .line())
                .isEqualTo("would be redriven: flights dead " + CliSpool.id(3));
        assertThat(CliRun.in(spool)
                        .run("redrive", "flights", "00000003", "--dry-run")
                        .line())
                .isEqualTo("would be redriven: flights dead " + CliSpool.id(3));
        assertThat(spool.names("flights", "dead")).hasSize(3);
        assertThat(CliRun.in(spool).run("redrive", "flights", "--limit", "1").out())
                .startsWith("redriven: 1 batch");
    }

    @Test
    void withoutASelectionItIsRefused() throws IOException {
        CliSpool spool = some();

        for (String verb : List.of("redrive", "release")) {
            Result result = CliRun.in(spool).run(verb, "flights");
            assertThat(result.exit()).isEqualTo(2);
            assertThat(result.err()).contains("--all of them").hasLineCount(1);
        }
        assertThat(spool.names("flights", "dead")).hasSize(3);
    }

    @Test
    void nothingDeadIsThree() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("flights");

        Result result = CliRun.in(spool).run("redrive", "flights", "--all");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err()).isEqualTo("nothing to do in queue flights\n");
        assertThat(Files.exists(spool.folder().resolve("flights/ready"))).isFalse();
    }
}
