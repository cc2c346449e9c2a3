package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.MountedDisk;
import io.turboqueue.cli.CliRun.Result;
import java.nio.file.Files;
import java.nio.file.Path;
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
        mounted = MountedDisk.mount(temp, "1m");
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
