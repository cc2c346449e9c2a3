package io.turboqueue;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.HeldLock;
import io.turboqueue.disk.LocalDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The real disk, watched, and broken on demand before a step is done. By default sees only the thread that made it. */
final class ProbeDisk implements Disk {

    /** What was asked for. For a rename, the path is the target. */
    record Step(Op op, Path path) {
        boolean is(Op wanted, String part) {
            return op == wanted && path.toString().contains(part);
        }

        @Override
        public String toString() {
            return op + " " + path;
        }
    }

    enum Op {
        CREATE_FOLDER,
        CREATE,
        OPEN,
        OPEN_TO_WRITE,
        RENAME,
        UNLINK,
        LIST,
        LOOK,
        SYNC_FOLDER,
        WRITE,
        SYNC_FILE
    }

    private final Disk disk = new LocalDisk();
    private final Thread watched = Thread.currentThread();
    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private volatile Predicate<Step> broken = step -> false;
    private volatile boolean all;

    ProbeDisk watchingAllThreads() {
        all = true;
        return this;
    }

    /** Steps since the last call. */
    List<Step> takeSteps() {
        List<Step> taken = new ArrayList<>(steps);
        steps.clear();
        return taken;
    }

    /** From now on these steps fail. */
    void breakAll(Predicate<Step> which) {
        broken = which;
    }

    /** Only the n-th such step from now fails, counted from 1. */
    void breakNth(int n, Predicate<Step> which) {
        AtomicInteger seen = new AtomicInteger();
        broken = step -> which.test(step) && seen.incrementAndGet() == n;
    }

    void repair() {
        broken = step -> false;
    }

    private void step(Op op, Path path) throws IOException {
        if (all || Thread.currentThread() == watched) {
            Step step = new Step(op, path);
            steps.add(step);
            if (broken.test(step)) {
                throw new IOException("broken disk: " + step);
            }
        }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        step(Op.CREATE_FOLDER, folder);
        disk.createFolder(folder);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        step(Op.CREATE, file);
        return new ProbeFile(file, disk.create(file));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        step(Op.OPEN, file);
        return new ProbeFile(file, disk.open(file));
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        step(Op.OPEN_TO_WRITE, file);
        return new ProbeFile(file, disk.openToWrite(file));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        step(Op.RENAME, to);
        return disk.rename(from, to);
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        step(Op.UNLINK, path);
        return disk.unlink(path);
    }

    @Override
    public void list(Path folder, Consumer<String> visitor) throws IOException {
        step(Op.LIST, folder);
        disk.list(folder, visitor);
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        step(Op.LOOK, path);
        return disk.look(path);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public @Nullable FileStatus status(Path path) throws IOException {
        step(Op.LOOK, path);
        return disk.status(path);
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        step(Op.WRITE, file);
        disk.makePrivate(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step(Op.SYNC_FOLDER, folder);
        disk.syncFolder(folder);
    }

    @Override
    public boolean touch(Path file, long millis) {
        return disk.touch(file, millis);
    }

    @Override
    public @Nullable HeldLock createLocked(Path file) throws IOException {
        return disk.createLocked(file);
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        return disk.tryLock(file);
    }

    private final class ProbeFile implements DiskFile {
        private final Path path;
        private final DiskFile file;

        ProbeFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            step(Op.WRITE, path);
            return file.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void sync() throws IOException {
            step(Op.SYNC_FILE, path);
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
