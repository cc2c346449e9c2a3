package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.HeldLock;
import io.turboqueue.examples.torture.Operation.Kind;
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
abstract class SteppedDisk implements Disk {

    private final Disk disk;

    /** The operation itself. */
    interface Work {
        void run() throws IOException;
    }

    private interface Source<T> {
        T get() throws IOException;
    }

    SteppedDisk(Disk disk) {
        this.disk = disk;
    }

    /** Every operation comes here, to be run or not. */
    protected abstract void step(Operation operation, Work work) throws IOException;

    private <T> T result(Operation operation, Source<T> source) throws IOException {
        List<T> results = new ArrayList<>(1);
        step(operation, () -> results.add(source.get()));
        return results.get(0);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        step(Operation.on(Kind.CREATE_FOLDER, folder), () -> disk.createFolder(folder));
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return result(Operation.on(Kind.CREATE, file), () -> new SteppedFile(file, disk.create(file)));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return result(Operation.on(Kind.OPEN, file), () -> new SteppedFile(file, disk.open(file)));
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        return result(Operation.on(Kind.OPEN_TO_WRITE, file), () -> new SteppedFile(file, disk.openToWrite(file)));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return result(new Operation(Kind.RENAME, from, to), () -> disk.rename(from, to));
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        return result(Operation.on(Kind.UNLINK, path), () -> disk.unlink(path));
    }

    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        step(Operation.on(Kind.LIST, folder), () -> disk.list(folder, visitor));
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        return result(Operation.on(Kind.LOOK, path), () -> Optional.ofNullable(disk.look(path)))
                .orElse(null);
    }

    /** No step: it has no way to fail. */
    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public @Nullable FileStatus status(Path path) throws IOException {
        return result(Operation.on(Kind.LOOK, path), () -> Optional.ofNullable(disk.status(path)))
                .orElse(null);
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        step(Operation.on(Kind.WRITE, file), () -> disk.makePrivate(file));
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step(Operation.on(Kind.SYNC_FOLDER, folder), () -> disk.syncFolder(folder));
    }

    /** No step, like {@link #exists}. */
    @Override
    public boolean touch(Path file, long millis) {
        return disk.touch(file, millis);
    }

    @Override
    public @Nullable HeldLock createLocked(Path file) throws IOException {
        return result(Operation.on(Kind.CREATE_LOCKED, file), () -> Optional.ofNullable(disk.createLocked(file)))
                .orElse(null);
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        return result(Operation.on(Kind.TRY_LOCK, file), () -> Optional.ofNullable(disk.tryLock(file)))
                .orElse(null);
    }

    private final class SteppedFile implements DiskFile {
        private final Path path;
        private final DiskFile file;

        SteppedFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return result(Operation.on(Kind.READ, path), () -> file.read(target, position));
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return result(Operation.on(Kind.WRITE, path), () -> file.write(source, position));
        }

        @Override
        public long size() throws IOException {
            return result(Operation.on(Kind.SIZE, path), file::size);
        }

        @Override
        public void sync() throws IOException {
            step(Operation.on(Kind.SYNC, path), file::sync);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
