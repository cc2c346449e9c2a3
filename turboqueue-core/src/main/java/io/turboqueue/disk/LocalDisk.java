package io.turboqueue.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
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
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
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
    private static final String STATUS = "unix:mode,nlink,uid,size,dev,ino";
    private static final long LOCKED_BYTE = 0x3fffffffL;
    private static final int LOCKED_BYTES = 2;
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();
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

    /**
     * The kind is looked at first, because {@code open(2)} would follow a link and would wait at a named pipe until somebody
     * writes to it. Names are handed out as text: one that the locale's charset cannot express is not the same name then, so
     * only names of a caller's own grammar may be made a path again.
     */
    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        FileStatus status = status(folder);
        if (status == null) {
            throw new FolderGoneException(folder);
        }
        if (!status.isFolder()) {
            throw new OddFolderException(folder, status.kind());
        }
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
    public @Nullable FileStatus status(Path path) throws IOException {
        Map<String, Object> found;
        try {
            found = Files.readAttributes(path, STATUS, NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return null;
        }
        int mode = (int) number(found, "mode");
        return new FileStatus(
                FileStatus.Kind.of(mode),
                (int) number(found, "nlink"),
                (int) number(found, "uid"),
                mode & 07777,
                number(found, "size"),
                number(found, "dev"),
                number(found, "ino"));
    }

    private static long number(Map<String, Object> found, String name) {
        return ((Number) Objects.requireNonNull(found.get(name))).longValue();
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PRIVATE_FILE.value());
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

    /** By {@link java.io.File}, which calls {@code utimes(2)}; {@code Files.setLastModifiedTime} opens and closes the file. */
    @Override
    public boolean touch(Path file, long millis) {
        return file.toFile().setLastModified(millis);
    }

    @Override
    public @Nullable HeldLock createLocked(Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, CREATE, PRIVATE_FILE);
        } catch (NoSuchFileException noFolder) {
            requireFolder(file.getParent());
            throw noFolder;
        }
        FileLock lock = null;
        try {
            lock = channel.tryLock(LOCKED_BYTE, 1, false);
        } finally {
            closeUnless(lock != null, channel);
        }
        return lock == null ? null : new LocalLock(channel, lock);
    }

    /** Both bytes, since the owner holds either. */
    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, OPEN_TO_WRITE);
        boolean keep = false;
        try {
            keep = channel.tryLock(LOCKED_BYTE, LOCKED_BYTES, false) != null;
            return keep ? channel : null;
        } catch (OverlappingFileLockException ourOwn) {
            keep = true;
            NEVER_CLOSED.add(channel); // else the JVM would close it once nobody refers to it
            throw ourOwn;
        } finally {
            closeUnless(keep, channel);
        }
    }

    /**
     * One byte is locked, and a second one for a moment while the lock is renewed: Java refuses to lock a byte that it takes for
     * locked already, though the kernel may have dropped that lock.
     */
    private static final class LocalLock implements HeldLock {
        private final ReentrantLock lock = new ReentrantLock();
        private final FileChannel channel;
        private FileLock held;

        LocalLock(FileChannel channel, FileLock held) {
            this.channel = channel;
            this.held = held;
        }

        @Override
        public boolean renew() throws IOException {
            lock.lock();
            try {
                long other = held.position() == LOCKED_BYTE ? LOCKED_BYTE + 1 : LOCKED_BYTE;
                FileLock next = channel.tryLock(other, 1, false);
                if (next == null) {
                    return false;
                }
                FileLock previous = held;
                held = next;
                previous.release();
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
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
