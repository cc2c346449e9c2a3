package io.turboqueue.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.HeldLock;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOpeningTest {

    @TempDir
    Path temp;

    private SpoolFolder spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new SpoolFolder(temp.toRealPath());
        Files.createDirectory(spool.owners());
    }

    /** Found by the simulator: its lock would be on a file without a name, and others would take the owner for dead. */
    @Test
    void aDirectoryWhoseLockFileARecovererRemovedBeforeItWasLockedIsNotUsed() throws Exception {
        try (OwnerDirectory owner = OwnerDirectory.open(new RemovingDisk(), spool, ProcFolder.SYSTEM)) {
            assertThat(owner.path().resolve(LockFile.name(1))).isRegularFile();
        }
    }

    @Test
    void theDirectorysNameSaysWhoseItIs() throws Exception {
        try (OwnerDirectory owner = OwnerDirectory.open(new RemovingDisk(), spool, ProcFolder.SYSTEM)) {
            OwnerName name =
                    OwnerName.parse(owner.path().getFileName().toString()).orElseThrow();

            assertThat(name.form()).isEqualTo(OwnerName.Form.IN_USE);
            assertThat(name.process()).isEqualTo(ProcFolder.SYSTEM.self());
        }
    }

    @Test
    void whatCannotBeOpenedLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> OwnerDirectory.open(new FullDisk(), spool, ProcFolder.SYSTEM))
                    .hasMessage("no space left");
        }
        try (Stream<Path> left = Files.list(spool.owners())) {
            assertThat(left).isEmpty();
        }
    }

    /** A recoverer removes the first lock file and dies before it removes the folder. */
    private static final class RemovingDisk extends ForwardingDisk {
        private boolean removed;

        @Override
        public @Nullable HeldLock createLocked(Path file) throws IOException {
            HeldLock lock = super.createLocked(file);
            if (!removed) {
                removed = true;
                Files.delete(file);
            }
            return lock;
        }
    }

    private static final class FullDisk extends ForwardingDisk {
        @Override
        public @Nullable HeldLock createLocked(Path file) throws IOException {
            throw new IOException("no space left");
        }
    }
}
