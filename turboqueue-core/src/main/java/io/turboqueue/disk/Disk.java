package io.turboqueue.disk;

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
     * twice. Only a real folder is listed: a symbolic link to one is refused, and so is anything that is not a folder.
     *
     * @throws FolderGoneException if the folder is not there
     * @throws OddFolderException if something else is there
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

    /**
     * The same with what only POSIX knows: the exact kind, the number of links, owner and permissions. Costs one system call.
     *
     * @return null if nothing is there
     */
    @Nullable
    FileStatus status(Path path) throws IOException;

    /** Sets a file's mode to 0600. Only for a path that {@link #status} showed to be a regular file: a link is followed. */
    void makePrivate(Path file) throws IOException;

    /** Makes the names in a folder survive power loss ({@code fsync} of the folder). Never retry it after a failure. */
    void syncFolder(Path folder) throws IOException;

    /**
     * Moves a file's modification time, without opening the file: closing a descriptor would drop the lock that this JVM may
     * have on it.
     *
     * @param millis since the epoch
     * @return false if the file is gone or its time cannot be changed
     */
    boolean touch(Path file, long millis);

    /**
     * Creates an empty file, mode 0600, and locks it for as long as the process lives or until it is closed.
     *
     * @return null if another process opened and locked it in between
     * @throws FolderGoneException if its folder is gone
     */
    @Nullable
    HeldLock createLocked(Path file) throws IOException;

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
