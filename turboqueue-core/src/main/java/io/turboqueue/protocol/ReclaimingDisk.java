package io.turboqueue.protocol;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.HeldLock;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.Reserve;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.time.NanoClock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk that gives up the emptied files in {@code free/} when there is no room for something else: queue by queue, until
 * what failed succeeds or there are none left. For a folder or a lock file it gives up the {@link Reserve} then. Thread-safe.
 *
 * <p>So a consumer can start on a disk that is full to the last byte and inode, and a producer gets what other queues keep.
 * Java does not say why a file could not be created, so this is tried for every failure that has no exception of its own; an
 * emptied file is not a loss.
 */
public final class ReclaimingDisk implements Disk {

    private static final long POINTLESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final SpoolFolder spool;
    private final DiskSpace room;
    private final NanoClock clock;
    private final Reserve reserve;
    private volatile long nextTry;

    /** On top of another disk, for everything in one spool. */
    public ReclaimingDisk(Disk disk, SpoolFolder spool, DiskSpace room, NanoClock clock) {
        this.disk = disk;
        this.spool = spool;
        this.room = room;
        this.clock = clock;
        this.reserve = new Reserve(disk, spool);
        this.nextTry = clock.nanoTime();
    }

    /** Provides for a start on a full disk, now that there is room; does nothing if there is none. */
    public void provideReserve() {
        reserve.provide();
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /** Those for which there is an exception of its own mean something else. */
    private static boolean mayBeFull(IOException failed) {
        return failed.getClass().equals(IOException.class) || failed.getClass().equals(FileSystemException.class);
    }

    /** The step succeeds with more room, or it throws. */
    private <T> T again(IOException first, Step<T> step) throws IOException {
        if (!mayBeFull(first)) {
            throw first;
        }
        room.ranOut();
        if (clock.nanoTime() - nextTry < 0) {
            throw first;
        }
        IOException failed = first;
        for (QueueName queue : queues(first)) {
            if (gaveBack(queue, first)) {
                try {
                    return step.run();
                } catch (IOException again) {
                    failed = again;
                }
            }
        }
        nextTry = clock.nanoTime() + POINTLESS_NANOS;
        throw failed;
    }

    private <T> T againWithReserve(IOException first, Step<T> step) throws IOException {
        try {
            return again(first, step);
        } catch (IOException failed) {
            if (!mayBeFull(failed) || !reserve.giveUp()) {
                throw failed;
            }
            return step.run();
        }
    }

    private List<QueueName> queues(IOException cause) {
        try {
            return spool.queues(disk);
        } catch (IOException unreadable) {
            cause.addSuppressed(unreadable);
            return List.of();
        }
    }

    private boolean gaveBack(QueueName queue, IOException cause) {
        try {
            return RecycledFiles.requeue(disk, spool.queue(queue)) > 0;
        } catch (IOException notDeleted) {
            cause.addSuppressed(notDeleted);
            return false;
        }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        try {
            disk.createFolder(folder);
        } catch (IOException failed) {
            againWithReserve(failed, () -> {
                disk.createFolder(folder);
                return folder;
            });
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        try {
            return new GrowingFile(disk.create(file));
        } catch (IOException failed) {
            return new GrowingFile(again(failed, () -> disk.create(file)));
        }
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        return new GrowingFile(disk.openToWrite(file));
    }

    /** A folder may have to grow for one more name. */
    @Override
    public boolean rename(Path from, Path to) throws IOException {
        try {
            return disk.rename(from, to);
        } catch (IOException failed) {
            return again(failed, () -> disk.rename(from, to));
        }
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        return disk.unlink(path);
    }

    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        disk.list(folder, visitor);
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        return disk.look(path);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public @Nullable FileStatus status(Path path) throws IOException {
        return disk.status(path);
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        disk.makePrivate(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        disk.syncFolder(folder);
    }

    @Override
    public boolean touch(Path file, long millis) {
        return disk.touch(file, millis);
    }

    @Override
    public @Nullable HeldLock createLocked(Path file) throws IOException {
        try {
            return disk.createLocked(file);
        } catch (IOException failed) {
            return againWithReserve(failed, () -> Optional.ofNullable(disk.createLocked(file)))
                    .orElse(null);
        }
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        return disk.tryLock(file);
    }

    private final class GrowingFile implements DiskFile {
        private final DiskFile file;

        GrowingFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            try {
                return file.write(source, position);
            } catch (IOException failed) {
                return again(failed, () -> file.write(source, position));
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
