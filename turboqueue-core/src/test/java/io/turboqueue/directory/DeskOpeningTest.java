package io.turboqueue.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.io.ForwardingDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeskOpeningTest {

    @TempDir
    Path temp;

    /** Found by the simulator: its lock would be on a file without a name, and others would take the desk for a dead one's. */
    @Test
    void aDeskWhoseBeaconAClearerRemovedBeforeItWasLockedIsNotUsed() throws Exception {
        SpoolFolder spool = new SpoolFolder(temp.toRealPath());
        Files.createDirectory(spool.owners());

        try (Desk desk = Desk.open(new RemovingDisk(), spool)) {
            assertThat(desk.path().resolve(Desk.BEACON)).isRegularFile();
        }
    }

    /** A clearer removes the first beacon and dies before it removes the folder. */
    private static final class RemovingDisk extends ForwardingDisk {
        private boolean removed;

        @Override
        public @Nullable Closeable createLocked(Path file, byte[] content) throws IOException {
            Closeable lock = super.createLocked(file, content);
            if (!removed) {
                removed = true;
                Files.delete(file);
            }
            return lock;
        }
    }
}
