package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.MountedDisk;
import io.turboqueue.cli.CliRun.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a disk that is read-only or full; only root can make one. */
class DegradedDiskTest {

    @TempDir
    Path temp;

    private @Nullable MountedDisk mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = MountedDisk.mount(temp, "1m,nr_inodes=200");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            mounted.unmount();
        }
    }

    private MountedDisk disk() {
        return Objects.requireNonNull(mounted);
    }

    private Path spool() throws Exception {
        CliSpool spool = new CliSpool(disk().folder());
        spool.batch("flights", 1, "a").ready();
        return spool.folder();
    }

    @Test
    void aDiskThatIsReadOnlyIsToldOfUntilItIsWritableAgain() throws Exception {
        Path spool = spool();
        disk().remount("ro");

        assertDegraded(spool, "the disk is mounted read-only");

        disk().remount("rw");
        assertWell(spool);
    }

    @Test
    void aDiskThatIsFullIsToldOfUntilThereIsRoomAgain() throws Exception {
        Path spool = spool();
        Path ballast = disk().folder().resolve("ballast");
        long room = Files.getFileStore(spool).getUsableSpace();
        Files.write(ballast, new byte[(int) room]);

        assertDegraded(spool, "0 B left on the disk");

        Files.delete(ballast);
        assertWell(spool);
    }

    @Test
    void noInodeLeftIsFoundByTryingAndNothingIsLeftBehind() throws Exception {
        Path spool = spool();
        Path ballast = Files.createDirectory(disk().folder().resolve("ballast"));
        assertThatThrownBy(() -> {
                    for (int i = 0; ; i++) {
                        Files.createFile(ballast.resolve("file-" + i));
                    }
                })
                .hasMessageContaining("No space left");
        List<String> before = CliSpool.everything(spool);

        assertTried(spool, "it was not possible to make a folder: No space left on device");

        assertThat(CliSpool.everything(spool)).isEqualTo(before);
        for (int i = 0; i < 10; i++) {
            Files.delete(ballast.resolve("file-" + i));
        }
        assertWell(spool);
    }

    @Test
    void aReadOnlyBindMountIsFoundByTrying() throws Exception {
        Path spool = spool();
        disk().bindReadOnly(spool);

        assertTried(spool, "it was not possible to make a folder: Read-only file system");
    }

    /** By {@code stats}, which only looks, it need not be found. */
    private static void assertTried(Path spool, String cause) {
        Result health = CliRun.in(spool).run("health");
        assertThat(health.exit()).isEqualTo(1);
        assertThat(health.line())
                .startsWith("critical: ")
                .contains(spool + ": ")
                .contains(cause);
        Result doctor = CliRun.in(spool).run("doctor");
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out()).contains("writing\tcritical\t" + cause);
        assertThat(CliRun.in(spool).run("stats").exit()).isZero();
    }

    private static void assertDegraded(Path spool, String cause) {
        Result health = CliRun.in(spool).run("health");
        assertThat(health.exit()).isEqualTo(1);
        assertThat(health.line()).isEqualTo("critical: " + spool + ": " + cause);

        Result stats = CliRun.in(spool).run("stats");
        assertThat(stats.exit()).isZero();
        assertThat(stats.lines().get(0)).isEqualTo("degraded\t" + cause);
        assertThat(stats.lines()).hasSize(2);

        assertThat(CliRun.in(spool).terminal().run("stats").lines().get(0)).isEqualTo("degraded: " + cause);
        assertThat(CliRun.in(spool).run("stats", "--json").line()).contains("\"degraded\":\"" + cause + "\"");
    }

    private static void assertWell(Path spool) {
        assertThat(CliRun.in(spool).run("health").exit()).isZero();
        assertThat(CliRun.in(spool).run("stats").out()).doesNotContain("degraded");
        assertThat(CliRun.in(spool).run("stats", "--json").line()).contains("\"degraded\":null");
    }
}
