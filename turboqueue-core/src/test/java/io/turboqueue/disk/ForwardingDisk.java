package io.turboqueue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real disk; a test overrides the step that it wants to see, delay or fail. */
public abstract class ForwardingDisk implements Disk {

    private final Disk disk = new LocalDisk();

    @Override
    public void createFolder(Path folder) throws IOException {
        disk.createFolder(folder);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return disk.create(file);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public DiskFile openToWrite(Path file) throws IOException {
        return disk.openToWrite(file);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return disk.rename(from, to);
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
        return disk.createLocked(file);
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
        return disk.tryLock(file);
    }
}
