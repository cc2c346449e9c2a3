package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").ready();
        spool.batch("flights", 2, "b").ready();
        return spool;
    }

    /** Without what is said of the disk, which is the machine's. */
    private static String queues(Result result) {
        return result.line().replaceAll("(; )?[^;]* left on the disk", "");
    }

    @Test
    void allIsWell() throws IOException {
        Result result = CliRun.in(some()).run("health", "--max-ready", "2", "--max-age", "10m", "--max-dead", "0");

        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        assertThat(queues(result)).startsWith("ok");
    }

    @Test
    void deadLettersAreAWarningAndWithALimitCritical() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 3, "c").dead("crc");

        Result warning = CliRun.in(spool).run("health", "flights");
        Result critical = CliRun.in(spool).run("health", "flights", "--max-dead", "0");

        assertThat(warning.exit()).isZero();
        assertThat(warning.line()).startsWith("warning: ").contains("flights: 1 dead batch");
        assertThat(CliRun.in(spool).run("health", "--strict").exit()).isEqualTo(1);
        assertThat(critical.exit()).isEqualTo(1);
        assertThat(critical.line()).startsWith("critical: flights: 1 dead batch, more than 0");
    }

    @Test
    void limitsOfDepthAndAgeAreCritical() throws IOException {
        CliSpool spool = some();

        Result depth = CliRun.in(spool).run("health", "--max-ready", "1");
        Result age = CliRun.in(spool).run("health", "--max-age", "9m");

        assertThat(depth.exit()).isEqualTo(1);
        assertThat(depth.line()).startsWith("critical: flights: 2 ready batches, more than 1");
        assertThat(age.exit()).isEqualTo(1);
        assertThat(age.line()).startsWith("critical: flights: the oldest ready batch waits for 10m, more than 9m");
    }

    @Test
    void aPausedQueueForeignFilesAndAFullQueueAreWarnings() throws IOException {
        CliSpool spool = some();
        Files.createFile(spool.folder().resolve("flights/paused"));
        spool.foreign("flights", "ready", "readme");

        Result result = CliRun.in(spool)
                .environment("TURBOQUEUE_BACKPRESSURE_MAX_READY_BATCHES", "2")
                .run("health");

        assertThat(result.exit()).isZero();
        assertThat(result.line())
                .contains(
                        "flights: paused",
                        "flights: 1 file that the queue ignores",
                        "flights: full: 2 ready batches of 2");
    }

    @Test
    void wrongSettingsAreCritical() throws IOException {
        CliSpool spool = some();
        Files.writeString(spool.folder().resolve("flights/queue.json"), "{\"nonsense\": 1}");

        Result result = CliRun.in(spool).run("health");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.line())
                .startsWith("critical: flights: its settings are wrong: ")
                .contains("nonsense");
    }

    @Test
    void workLeftByTheDeadIsAWarningOnceItIsOld() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 4, "d").claimed(CliSpool.DEAD_OWNER);
        Instant claimed = Instant.now(); // the file system's clock, which cannot be set

        Result fresh = CliRun.in(spool).clock(InstantSource.fixed(claimed)).run("health");
        Result old = CliRun.in(spool)
                .clock(InstantSource.fixed(claimed.plusSeconds(3600)))
                .run("health");

        assertThat(fresh.line()).doesNotContain("its process is dead");
        assertThat(old.exit()).isZero();
        assertThat(old.line())
                .contains("owner " + CliSpool.DEAD_LABEL + ": its process is dead and left flights 1 claimed");
    }

    @Test
    void aFolderThatOtherUsersMayWriteToIsAWarningUnlessTheyAreTrusted() throws IOException {
        CliSpool spool = some();
        Path queue = spool.folder().resolve("flights");
        Files.setPosixFilePermissions(queue, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(spool.folder(), PosixFilePermissions.fromString("rwxrwx---"));

        assertThat(CliRun.in(spool).run("health").line())
                .contains("flights: its folder can be written by other users")
                .contains(spool.folder() + ": its folder can be written by other users");

        Files.writeString(spool.folder().resolve("turboqueue.json"), "{\"allow.othersWriting\": true}");
        assertThat(CliRun.in(spool).run("health").line()).doesNotContain("written by other users");
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 3, "c").dead("crc");

        assertThat(CliRun.in(spool).run("health", "--max-ready", "1", "--json").line())
                .startsWith("{\"grade\":\"critical\",\"findings\":["
                        + "{\"grade\":\"critical\",\"about\":\"flights\",\"text\":\"2 ready batches, more than 1\"},"
                        + "{\"grade\":\"warning\",\"about\":\"flights\",\"text\":\"1 dead batch\"}");
    }

    @Test
    void theWorstComesFirst() throws IOException {
        CliSpool spool = some();
        spool.batch("a", 3, "c").dead("crc");

        assertThat(CliRun.in(spool).run("health", "--max-ready", "1").line())
                .containsPattern("critical: flights: 2 ready .*; a: 1 dead batch");
    }

    @Test
    void colourTellsTheGradeOnATerminal() throws IOException {
        assertThat(CliRun.in(some())
                        .run("health", "--max-ready", "1", "--color", "always")
                        .line())
                .startsWith("\u001b[31mcritical")
                .endsWith("\u001b[0m");
    }

    @Test
    void noSpoolIsAFailure() {
        assertThat(CliRun.in(temp).run("health").exit()).isEqualTo(1);
    }
}
