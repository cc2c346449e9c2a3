package io.turboqueue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A disk on which every operation, those on open files included, passes through one place. */
public abstract class SteppedDisk implements Disk {

    private final Disk disk;

    /** What an operation is. */
    public enum Step {
        CREATE_FOLDER,
        CREATE,
        OPEN,
        OPEN_TO_WRITE,
        RENAME,
        UNLINK,
        LIST,
        LOOK,
        SYNC_FOLDER,
        CREATE_LOCKED,
        TRY_LOCK,
        READ,
        WRITE,
        SIZE,
        SYNC,
        CLOSE;

        /** Whether it leaves the disk other than it was. */
        public boolean changesNames() {
            return switch (this) {
                case CREATE_FOLDER, CREATE, RENAME, UNLINK, CREATE_LOCKED -> true;
                case OPEN, OPEN_TO_WRITE, LIST, LOOK, SYNC_FOLDER, TRY_LOCK, READ, WRITE, SIZE, SYNC, CLOSE -> false;
            };
        }
    }

    /** The operation itself. */
    protected interface Work {
        void run() throws IOException;
    }

    private interface Source<T> {
        T get() throws IOException;
    }

    protected SteppedDisk(Disk disk) {
        this.disk = disk;
    }

    /** Every operation comes here, to be run or not. */
    protected abstract void step(Step step, Path path, Work work) throws IOException;

    /** Something was opened that a process holds until it closes it or dies. */
    protected void opened(Closeable held) {}

    /** And now it is closed. */
    protected void closed(Closeable held) {}

    private <T> T result(Step step, Path path, Source<T> source) throws IOException {
        List<T> results = new ArrayList<>(1);
        step(step, path, () -> results.add(source.get()));
        return results.get(0);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        step(Step.CREATE_FOLDER, folder, () -> disk.createFolder(folder));
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return result(Step.CREATE, file, () -> new SteppedFile(file, disk.create(file)));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return result(Step.OPEN, file, () -> new SteppedFile(file, disk.open(file)));
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        return result(Step.OPEN_TO_WRITE, file, () -> new SteppedFile(file, disk.openToWrite(file)));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return result(Step.RENAME, to, () -> disk.rename(from, to));
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        return result(Step.UNLINK, path, () -> disk.unlink(path));
    }

    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        step(Step.LIST, folder, () -> disk.list(folder, visitor));
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        return result(Step.LOOK, path, () -> Optional.ofNullable(disk.look(path)))
                .orElse(null);
    }

    /** No step: it says nothing of what went wrong. */
    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public @Nullable FileStatus status(Path path) throws IOException {
        return result(Step.LOOK, path, () -> Optional.ofNullable(disk.status(path)))
                .orElse(null);
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        step(Step.WRITE, file, () -> disk.makePrivate(file));
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step(Step.SYNC_FOLDER, folder, () -> disk.syncFolder(folder));
    }

    /** No step, like {@link #exists}. */
    @Override
    public boolean touch(Path file, long millis) {
        return disk.touch(file, millis);
    }

    @Override
    public @Nullable HeldLock createLocked(Path file) throws IOException {
        return result(Step.CREATE_LOCKED, file, () -> Optional.ofNullable(disk.createLocked(file))
                        .map(SteppedLock::new))
                .orElse(null);
    }

    private final class SteppedLock implements HeldLock {
        private final HeldLock lock;

        SteppedLock(HeldLock lock) {
            this.lock = lock;
            opened(lock);
        }

        @Override
        public boolean renew() throws IOException {
            return lock.renew();
        }

        @Override
        public void close() throws IOException {
            closed(lock);
            lock.close();
        }
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        return result(Step.TRY_LOCK, file, () -> tracked(disk.tryLock(file))).orElse(null);
    }

    private Optional<Closeable> tracked(@Nullable Closeable lock) {
        if (lock == null) {
            return Optional.empty();
        }
        opened(lock);
        return Optional.of(() -> {
            closed(lock);
            lock.close();
        });
    }

    private final class SteppedFile implements DiskFile {
        private final Path path;
        private final DiskFile file;

        SteppedFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
            opened(file);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return result(Step.READ, path, () -> file.read(target, position));
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return result(Step.WRITE, path, () -> file.write(source, position));
        }

        @Override
        public long size() throws IOException {
            return result(Step.SIZE, path, file::size);
        }

        @Override
        public void sync() throws IOException {
            step(Step.SYNC, path, file::sync);
        }

        /** Closed whatever the step does, as a real descriptor is even when {@code close(2)} fails. */
        @Override
        public void close() throws IOException {
            closed(file);
            file.close();
            step(Step.CLOSE, path, () -> {});
        }
    }
}
