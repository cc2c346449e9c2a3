package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

    @TempDir
    Path temp;

    @Test
    void everyCheckHasAGradeAndAFinding() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").ready();

        Result result = CliRun.in(spool).run("doctor");

        assertThat(result.lines())
                .allSatisfy(line -> assertThat(line.split("\t", -1)).hasSize(3))
                .extracting(line -> line.substring(0, line.indexOf('\t')))
                .containsExactly(
                        "java",
                        "sqlite",
                        "file system",
                        "permissions",
                        "cleaning",
                        "space",
                        "writing",
                        "watches",
                        "open files",
                        "clock",
                        "settings");
        assertThat(result.out()).contains("writing\tok\ta file was created, written, synced, renamed and deleted\n");
        assertThat(result.out()).contains("clock\tok\t2026-11-21 12:00:00\n", "settings\tok\tof 1 queue: valid\n");
    }

    @Test
    void theFieldsOfTheJsonArePinned() throws IOException {
        CliSpool spool = new CliSpool(temp);

        assertThat(CliRun.in(spool).run("doctor", "--json").line()).startsWith("{\"findings\":[{\"about\":\"java\",");
        assertThat(CliRun.in(spool).run("doctor", "--ndjson").lines())
                .hasSize(11)
                .allSatisfy(line -> assertThat(line)
                        .matches("\\{\"about\":\"[^\"]+\",\"grade\":\"(ok|warning|critical)\",\"text\":\"[^\"]+\"}"));
        assertThat(CliRun.in(spool).terminal().run("doctor").lines().get(0)).matches("WHAT +GRADE +FINDING");
    }

    @Test
    void aSpoolThatOthersMayWriteToIsCritical() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Files.setPosixFilePermissions(spool.folder(), PosixFilePermissions.fromString("rwxrwxrwx"));

        Result result = CliRun.in(spool).run("doctor");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).containsPattern("permissions\tcritical\t.*chmod go-w");
    }

    @Test
    void wrongSettingsAreCriticalAndNamed() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Files.writeString(spool.queue("flights").resolve("queue.json"), "{\"engine\": \"steam\"}");

        Result result = CliRun.in(spool).run("doctor");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).containsPattern("settings of flights\tcritical\t.*steam");
    }

    @Test
    void batchesFromTheFutureAreAWarningAboutTheClock() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").age(Duration.ofHours(-1)).ready();

        assertThat(CliRun.in(spool).run("doctor").out())
                .contains("clock\twarning\t1 ready batches are from up to 1h in the future");
    }

    @Test
    void noSpoolIsOneLineAndAFailure() {
        Result result = CliRun.in(temp).run("doctor");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("is no TurboQueue spool").hasLineCount(1);
    }

    @Test
    void anOwnerThatCannotBeToldToBeAliveIsNamed() throws IOException {
        CliSpool spool = new CliSpool(temp);
        String unseen = "4711-x-x-x.x.x.x-k3v9q2m7x4wd8c1z";
        spool.batch("flights", 1, "a").claimed(unseen);

        assertThat(CliRun.in(spool).run("doctor").out())
                .contains(
                        "owner 4711-k3v9q2m7x4wd8c1z\twarning\tits lock is free and its process cannot be seen from here, with"
                                + " 1 batch claimed;");
        assertThat(CliRun.in(spool).run("stats").out()).containsPattern("owner\t4711-\\S+\t4711\tin question\t1\t");
    }
}
