package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spool that this user may not look into is not one that is missing. */
class SpoolFolderDeniedTest {

    @TempDir
    Path temp;

    /** Says of everything below a folder what the kernel says to a user without the right to search it. */
    private static Disk denying(Path folder) {
        return new ForwardingDisk() {
            @Override
            public @Nullable BasicFileAttributes look(Path path) throws IOException {
                if (path.startsWith(folder) && !path.equals(folder)) {
                    throw new AccessDeniedException(path.toString());
                }
                return super.look(path);
            }
        };
    }

    @Test
    void whoLooksIsToldThatPermissionIsDenied() throws IOException {
        Path spool = Files.createDirectory(temp.resolve("spool"));

        assertThatThrownBy(() -> SpoolFolder.existing(denying(spool), spool))
                .isInstanceOfSatisfying(
                        AccessDeniedException.class, denied -> assertThat(SpoolFolder.denied(spool, denied))
                                .isEqualTo("permission denied: user " + System.getProperty("user.name")
                                        + " may not use spool " + spool + " (at " + spool.resolve("owners") + ")"));
    }

    @Test
    void whoOpensIsToldAndNothingIsMade() throws IOException {
        Path parent = Files.createDirectory(temp.resolve("closed"));

        assertThatThrownBy(() -> SpoolFolder.openOrCreate(denying(parent), parent.resolve("spool")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("permission denied: user ")
                .hasMessageContaining("may not use spool " + parent.resolve("spool"));
        assertThat(parent).isEmptyDirectory();
    }
}
