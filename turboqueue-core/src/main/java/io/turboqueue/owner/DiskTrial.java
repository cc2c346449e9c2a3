package io.turboqueue.owner;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether a spool's disk still takes what producers and consumers do to it, which no look can tell: inodes may be used
 * up, and a bind mount may be read-only where the file system is not.
 *
 * <p>It works in an owner directory of its own, under names that a half-filled batch has. So whoever is at work removes what is
 * left of a trial that was killed, as it does for every dead owner. No queue's folder is touched.
 *
 * @param disk the disk
 * @param spool the spool
 */
public record DiskTrial(Disk disk, SpoolFolder spool) {

    private static final QueueName NO_QUEUE = new QueueName("trial");
    private static final int BYTES = 4096;

    private interface Step {
        void run() throws IOException;
    }

    /**
     * Makes an owner directory; creates, writes, syncs, renames and deletes a file in it; removes the directory.
     *
     * @throws IOException in words: the step that failed and why; nothing is left behind unless deleting failed
     */
    public void run() throws IOException {
        OwnerDirectory owner;
        try {
            owner = OwnerDirectory.open(disk, spool, ProcFolder.SYSTEM);
        } catch (IOException failed) {
            throw inWords("make a folder", failed);
        }
        IOException failure = null;
        try {
            tryFile(owner.loading(NO_QUEUE, "first"), owner.loading(NO_QUEUE, "second"));
        } catch (IOException failed) {
            failure = failed;
        }
        leave(owner, failure);
    }

    private void tryFile(Path first, Path second) throws IOException {
        DiskFile file = create(first);
        try (file) {
            step("write to a file", () -> write(file));
            step("sync a file", file::sync);
        }
        step("rename a file", () -> requireDone(disk.rename(first, second)));
        step("delete a file", () -> requireDone(disk.unlink(second)));
    }

    private DiskFile create(Path path) throws IOException {
        try {
            return disk.create(path);
        } catch (IOException failed) {
            throw inWords("create a file", failed);
        }
    }

    private static void write(DiskFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        while (bytes.hasRemaining()) {
            file.write(bytes, bytes.position());
        }
    }

    private static void requireDone(boolean done) throws IOException {
        if (!done) {
            throw new IOException("it is gone");
        }
    }

    private static void step(String what, Step step) throws IOException {
        try {
            step.run();
        } catch (IOException failed) {
            throw inWords(what, failed);
        }
    }

    /** What is still there goes, as half-filled batches do. */
    private void leave(OwnerDirectory owner, @Nullable IOException failure) throws IOException {
        try {
            ClaimRequeue none = new ClaimRequeue(disk, spool, queue -> Integer.MAX_VALUE);
            new OwnerRecovery(disk, spool, none, ProcFolder.SYSTEM, NanoClock.SYSTEM).leave(owner);
        } catch (IOException notRemoved) {
            if (failure == null) {
                throw inWords("remove a folder", notRemoved);
            }
            failure.addSuppressed(notRemoved);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static IOException inWords(String what, IOException failed) {
        String reason = failed instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : String.valueOf(failed.getMessage());
        return new IOException("it was not possible to " + what + ": " + reason, failed);
    }
}
