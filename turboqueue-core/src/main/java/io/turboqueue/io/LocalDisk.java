package io.turboqueue.io;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real disk: a local POSIX file system. Stateless. */
public final class LocalDisk implements Disk {

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<OpenOption> OPEN_TO_WRITE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, NOFOLLOW_LINKS);
    private static final String LINKS = "unix:nlink";
    private static final long LOCKED_BYTE = 0x3fffffffL;
    private static final Set<OpenOption> OPEN = Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS);

    @Override
    public void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PRIVATE_FOLDER);
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
                throw there;
            }
        } catch (NoSuchFileException noParent) {
            requireFolder(folder.getParent());
            throw noParent;
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        try {
            return new LocalFile(FileChannel.open(file, CREATE, PRIVATE_FILE));
        } catch (NoSuchFileException noFolder) {
            requireFolder(file.getParent());
            throw noFolder;
        }
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new LocalFile(FileChannel.open(file, OPEN));
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        return new LocalFile(FileChannel.open(file, OPEN_TO_WRITE));
    }

    /** Only ever {@code ATOMIC_MOVE}: a plain move may copy, and a lost race would become a second copy. */
    @Override
    public boolean rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException gone) {
            requireFolder(from.getParent());
            requireFolder(to.getParent());
            return false;
        } catch (AtomicMoveNotSupportedException twoMounts) {
            throw new IOException(
                    "cannot rename " + from + " to " + to + ": a spool and all its folders must be on one mount",
                    twoMounts);
        }
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        return Files.deleteIfExists(path);
    }

    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                visitor.accept(entry.getFileName().toString());
            }
        } catch (NoSuchFileException gone) {
            throw new FolderGoneException(folder);
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    @Override
    public boolean exists(Path path) {
        return path.toFile().exists();
    }

    @Override
    public int links(Path file) throws IOException {
        try {
            return (Integer) Files.getAttribute(file, LINKS, NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (UnsupportedOperationException untold) {
            return 2;
        }
    }

    /** An interrupt closes the channel; it is put off, since a name that was not synced would count as not published. */
    @Override
    public void syncFolder(Path folder) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException putOff) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public @Nullable Closeable createLocked(Path file, byte[] content) throws IOException {
        FileChannel channel = FileChannel.open(file, CREATE, PRIVATE_FILE);
        boolean locked = false;
        try {
            channel.write(ByteBuffer.wrap(content));
            locked = lock(channel);
        } finally {
            closeUnless(locked, channel);
        }
        return locked ? channel : null;
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, OPEN_TO_WRITE);
        boolean keep = false;
        try {
            keep = lock(channel);
            return keep ? channel : null;
        } catch (OverlappingFileLockException ourOwn) {
            keep = true;
            throw ourOwn;
        } finally {
            closeUnless(keep, channel);
        }
    }

    /** One byte far behind the content, so that the content stays readable where locks are mandatory. */
    private static boolean lock(FileChannel channel) throws IOException {
        return channel.tryLock(LOCKED_BYTE, 1, false) != null;
    }

    private static void closeUnless(boolean keep, FileChannel channel) throws IOException {
        if (!keep) {
            channel.close();
        }
    }

    /** The exception names the source even when it is the target's folder that is missing, so look at both. */
    private static void requireFolder(@Nullable Path folder) throws FolderGoneException {
        if (folder != null && !Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            throw new FolderGoneException(folder);
        }
    }

    private record LocalFile(FileChannel channel) implements DiskFile {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return channel.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void sync() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
