package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is read-only for a while; only root can do that. */
@Timeout(120)
class ReadOnlyDiskTest {

    @TempDir
    Path temp;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", disk.toString());
        assumeThat(mounted).as("this user may mount a file system").isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk.toString())).as("unmounted").isTrue();
        }
    }

    private boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(temp.resolve("mount.log").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** The kernel refuses while a file is open for writing, as a beacon is, so nobody is at work when it happens. */
    @Test
    void nothingIsLostAndAllGoesOnWhenItIsWritableAgain() throws Exception {
        try (Spool spool = Spool.open(disk.resolve("spool"))) {
            publish(spool.queue("q", Codecs.utf8()), "before");
        }
        assertThat(run("mount", "-o", "remount,ro", disk.toString()))
                .as("read-only")
                .isTrue();
        try (Spool spool = Spool.open(disk.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            assertThatThrownBy(queue::producer).isInstanceOf(IOException.class).hasMessageContaining("Read-only");
            assertThatThrownBy(queue::consumer).isInstanceOf(IOException.class).hasMessageContaining("Read-only");
            assertThat(queue.inspector().stats().ready().batches()).isEqualTo(1);
            assertThat(Files.getFileStore(disk).isReadOnly())
                    .as("what health looks at")
                    .isTrue();

            assertThat(run("mount", "-o", "remount,rw", disk.toString()))
                    .as("writable")
                    .isTrue();
            publish(queue, "after");
            assertThat(drain(queue)).containsExactly("before", "after");
        }
        assertThat(SpoolFiles.leftovers(disk.resolve("spool"))).isEmpty();
    }
}
