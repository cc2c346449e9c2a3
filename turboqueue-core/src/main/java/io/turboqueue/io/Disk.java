package io.turboqueue.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The file-system operations that the queue protocol is made of. Implementations are thread-safe.
 *
 * <p>A source that is gone is a normal result here ({@code false}), because losing a race is normal; everything else
 * that goes wrong is an {@link IOException}.
 */
public interface Disk {

    /**
     * Creates a folder with mode 0700; a folder that is already there is left as it is.
     *
     * @throws FolderGoneException if its parent is not there
     */
    void createFolder(Path folder) throws IOException;

    /**
     * Creates a new, empty file with mode 0600, opened to read and write; fails if the name is taken.
     *
     * @throws FolderGoneException if its folder is gone
     */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing regular file to read. A symbolic link is refused, never followed. */
    DiskFile open(Path file) throws IOException;

    /** Opens an existing regular file to read and write. A symbolic link is refused, never followed. */
    DiskFile openToWrite(Path file) throws IOException;

    /**
     * Renames atomically. A target that exists would be replaced, so callers use names that never occur twice.
     *
     * @return false if the source is gone: another process was first
     * @throws FolderGoneException if one of the two folders is gone
     */
    boolean rename(Path from, Path to) throws IOException;

    /**
     * Removes a file, a link or an empty folder.
     *
     * @return false if it was gone already
     */
    boolean unlink(Path path) throws IOException;

    /**
     * Shows every entry name of a folder to the visitor, in no order. Entries renamed meanwhile may be missed or shown
     * twice.
     *
     * @throws FolderGoneException if the folder is not there
     */
    void list(Path folder, Consumer<String> visitor) throws IOException;

    /** What {@code lstat} says of a path, symbolic links not followed; null if nothing is there. */
    @Nullable
    BasicFileAttributes look(Path path) throws IOException;

    /**
     * Whether anything is there, a symbolic link followed. Cheaper than {@link #look} where mostly nothing is: a path that
     * cannot be looked at counts as nothing, and no exception is made for it.
     */
    boolean exists(Path path);

    /** How many names a file has ({@code st_nlink}); 0 if it is gone, 2 if the file system does not tell. */
    int links(Path file) throws IOException;

    /** Makes the names in a folder survive power loss ({@code fsync} of the folder). Never retry it after a failure. */
    void syncFolder(Path folder) throws IOException;

    /**
     * Creates a file with this content, mode 0600, and locks it for as long as the process lives or until it is closed.
     *
     * @return null if another process opened and locked it in between
     */
    @Nullable
    Closeable createLocked(Path file, byte[] content) throws IOException;

    /**
     * Locks an existing file if no live process has it locked. Never call it for a file that this JVM itself has locked:
     * closing a second descriptor would drop the first one's lock ({@code fcntl(2)}), so that descriptor is left open.
     *
     * @return null if a live process holds the lock
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws java.nio.channels.OverlappingFileLockException if this JVM holds the lock
     */
    @Nullable
    Closeable tryLock(Path file) throws IOException;
}
