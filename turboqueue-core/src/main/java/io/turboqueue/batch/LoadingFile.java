package io.turboqueue.batch;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The file that a writer fills. What was {@linkplain #keep kept} is only here, no longer in memory, and is not lost to a
 * failed write, a failed sync, an interrupt, or a file that was renamed away and back. Not thread-safe.
 *
 * <p>A file is never written again once it was {@linkplain #settled settled} or its sync failed: it may have got its final
 * name, or the kernel may have dropped what was written and say nothing the next time. The next write starts a new file and
 * copies into it what was kept, compared with its CRC.
 */
public final class LoadingFile implements Closeable {

    private static final int CHUNK = 64 * 1024;

    private final Disk disk;
    private final Supplier<Path> place;
    private final BatchEngine.Blanks blanks;
    private Path path; // where it was made
    private long start; // of what is kept
    private Checksum kept = Checksum.NONE;
    private @Nullable DiskFile file;
    private boolean named;
    private boolean stray; // an emptied file may be there that could not be opened
    private boolean over;

    /** Creates nothing yet. */
    public LoadingFile(Disk disk, Supplier<Path> place, BatchEngine.Blanks blanks) {
        this.disk = disk;
        this.place = place;
        this.path = place.get();
        this.blanks = blanks;
    }

    /** What was kept, from the first byte on that was. */
    public Checksum kept() {
        return kept;
    }

    /** Says that bytes written are kept from now on. They lie behind those that were kept before. */
    public void keep(long position, Checksum written) {
        start = kept.bytes() == 0 ? position : start;
        kept = kept.then(written);
    }

    /** Writes bytes, to be tried again at the same place if it fails. Creates the file if there is none. */
    public void write(byte[] source, int from, int length, long position) throws IOException {
        if (over) {
            startAnew();
        }
        ByteBuffer bytes = ByteBuffer.wrap(source);
        uninterrupted(open -> write(open, bytes.limit(from + length).position(from), position));
    }

    private static void write(DiskFile open, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += open.write(bytes, at);
        }
    }

    /** Makes the bytes survive power loss. Tried once: after a failure, an interrupt included, the next write starts from the beginning. */
    public void sync() throws IOException {
        over = true;
        uninterrupted(DiskFile::sync, 1);
    }

    /** The file is whole, and may be renamed. */
    public void settled() {
        over = true;
    }

    /** The file was renamed away for good. */
    public void published() {
        named = false;
    }

    /** Removes a file in which nothing is kept; after that the next write starts from the beginning. */
    public void removeUnlessKept() throws IOException {
        if (kept.bytes() == 0) {
            over = true;
            remove();
        }
    }

    /** Closes the file, and removes it unless it was published. */
    @Override
    public void close() throws IOException {
        kept = Checksum.NONE;
        remove();
    }

    private void remove() throws IOException {
        closeWhatNothingHangsOn(file);
        file = null;
        if (named) {
            unlink(disk, path, place);
            named = false;
        }
        removeStray();
    }

    /** Removes a file of a writer's own, wherever it is by now. */
    public static void unlink(Disk disk, Path path, Supplier<Path> place) throws IOException {
        Path now = place.get();
        if (!disk.unlink(path) && !now.equals(path)) {
            disk.unlink(now);
        }
    }

    /** Creates a file of a writer's own: one of its name can only be its own, left when it was moved under its hands. */
    public static DiskFile create(Disk disk, Path path) throws IOException {
        try {
            return disk.create(path);
        } catch (FileAlreadyExistsException left) {
            disk.unlink(path);
            return disk.create(path);
        }
    }

    /** A file that is removed, or published: its bytes were synced by then, or need only survive this process. */
    private static void closeWhatNothingHangsOn(@Nullable DiskFile open) {
        try (open) {
            // no more to do with it
        } catch (IOException failed) {
            // the descriptor is gone anyway
        }
    }

    private interface Work {
        void on(DiskFile open) throws IOException;
    }

    private void uninterrupted(Work work) throws IOException {
        uninterrupted(work, Integer.MAX_VALUE);
    }

    /** An interrupt closes a file under the thread's hands. It is put off, kept for the caller, and the file opened again. */
    private void uninterrupted(Work work, int tries) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            for (int left = tries; ; left--) {
                try {
                    work.on(open());
                    return;
                } catch (ClosedByInterruptException putOff) {
                    file = null;
                    interrupted |= Thread.interrupted();
                    if (left == 1) {
                        throw putOff;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private DiskFile open() throws IOException {
        DiskFile open = file;
        if (open == null) {
            open = named ? reopen() : begin();
            named = true;
            file = open;
        }
        return open;
    }

    /** An emptied file that is not available is not a loss: whatever came of it goes, and a new one is created. */
    private DiskFile begin() throws IOException {
        removeStray();
        path = place.get();
        try {
            if (blanks.put(path)) {
                return disk.openToWrite(path);
            }
        } catch (IOException noBlank) {
            stray = true;
            removeStray();
        }
        return create(disk, path);
    }

    private void removeStray() throws IOException {
        if (stray) {
            disk.unlink(path);
            stray = false;
        }
    }

    private DiskFile reopen() throws IOException {
        try {
            return disk.openToWrite(disk.exists(path) ? path : place.get());
        } catch (NoSuchFileException gone) {
            throw new IOException("batch file " + path + " is gone, so the messages in it are lost", gone);
        }
    }

    private void startAnew() throws IOException {
        if (kept.bytes() == 0) {
            remove();
        } else {
            moveKept(open());
        }
        over = false;
    }

    /** The old file stays open, and so its bytes stay there, until they are in the new one. */
    private void moveKept(DiskFile old) throws IOException {
        if (named) {
            unlink(disk, path, place);
            named = false;
        }
        path = place.get();
        DiskFile fresh = create(disk, path);
        named = true;
        try {
            copyUninterrupted(old, fresh);
        } catch (IOException | RuntimeException failed) {
            giveUp(fresh, failed);
            throw failed;
        }
        file = fresh;
        closeWhatNothingHangsOn(old);
    }

    private void giveUp(DiskFile fresh, Exception failed) {
        closeWhatNothingHangsOn(fresh);
        try {
            disk.unlink(path);
            named = false;
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /** On a thread that nobody interrupts, since the old file may have no name under which it could be opened again. */
    private void copyUninterrupted(DiskFile from, DiskFile to) throws IOException {
        FutureTask<Void> copying = new FutureTask<>(() -> {
            copyKept(from, to);
            return null;
        });
        new Thread(copying, "turboqueue-copy").start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    copying.get();
                    return;
                } catch (InterruptedException putOff) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            throw new IOException(failed.getMessage(), failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void copyKept(DiskFile from, DiskFile to) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK, kept.bytes())];
        Checksum copied = Checksum.NONE;
        while (copied.bytes() < kept.bytes()) {
            int most = (int) Math.min(chunk.length, kept.bytes() - copied.bytes());
            int length = from.read(ByteBuffer.wrap(chunk, 0, most), start + copied.bytes());
            if (length <= 0) {
                break;
            }
            write(to, ByteBuffer.wrap(chunk, 0, length), start + copied.bytes());
            copied = copied.then(Checksum.of(chunk, 0, length));
        }
        if (!copied.equals(kept)) {
            throw new IOException("batch file " + path + " no longer holds what was written to it: the disk failed, and"
                    + " the messages in it are lost");
        }
    }
}
