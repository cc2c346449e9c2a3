package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which spool it is that a path leads to: another one may have been put in its place.
 *
 * @param folder the inode of the spool's folder
 * @param owners the inode of its {@code owners/}
 * @param mark the inode of its format's mark; null if that is missing
 * @param marked the time of the mark, since inodes are used again
 */
public record SpoolIdentity(
        @Nullable Object folder,
        @Nullable Object owners,
        @Nullable Object mark,
        @Nullable FileTime marked) {

    /**
     * That of the spool which is there now.
     *
     * @throws FolderGoneException if there is none
     */
    public static SpoolIdentity of(Disk disk, SpoolFolder spool) throws IOException {
        BasicFileAttributes mark = disk.look(SpoolFormat.mark(spool));
        return new SpoolIdentity(
                require(disk, spool.path()).fileKey(),
                require(disk, spool.owners()).fileKey(),
                mark == null ? null : mark.fileKey(),
                mark == null ? null : mark.lastModifiedTime());
    }

    private static BasicFileAttributes require(Disk disk, Path folder) throws IOException {
        BasicFileAttributes found = disk.look(folder);
        if (found == null) {
            throw new FolderGoneException(folder);
        }
        return found;
    }

    /** Whether both are the same spool; a mark that a cleaner of old files removed makes no other spool of it. */
    public boolean isSame(SpoolIdentity other) {
        boolean sameMark = marked == null
                || other.marked == null
                || (Objects.equals(mark, other.mark) && marked.equals(other.marked));
        return sameMark && Objects.equals(folder, other.folder) && Objects.equals(owners, other.owners);
    }
}
