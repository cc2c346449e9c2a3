package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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

    private @Nullable MountedDisk mounted;
    private Path disk = Path.of("unset");

    @BeforeEach
    void mount() throws Exception {
        mounted = MountedDisk.mount(temp, "8m");
        disk = mounted.folder();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            mounted.unmount();
        }
    }

    /** The kernel refuses while a file is open for writing, as a beacon is, so nobody is at work when it happens. */
    @Test
    void nothingIsLostAndAllGoesOnWhenItIsWritableAgain() throws Exception {
        try (Spool spool = Spool.open(disk.resolve("spool"))) {
            publish(spool.queue("q", Codecs.utf8()), "before");
        }
        remount("ro");
        try (Spool spool = Spool.open(disk.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            assertThatThrownBy(queue::producer).isInstanceOf(IOException.class).hasMessageContaining("Read-only");
            assertThatThrownBy(queue::consumer).isInstanceOf(IOException.class).hasMessageContaining("Read-only");
            assertThat(queue.inspector().stats().ready().batches()).isEqualTo(1);
            assertThat(Files.getFileStore(disk).isReadOnly())
                    .as("what health looks at")
                    .isTrue();

            remount("rw");
            publish(queue, "after");
            assertThat(drain(queue)).containsExactly("before", "after");
        }
        assertThat(SpoolFiles.leftovers(disk.resolve("spool"))).isEmpty();
    }

    private void remount(String options) throws Exception {
        Objects.requireNonNull(mounted).remount(options);
    }
}
