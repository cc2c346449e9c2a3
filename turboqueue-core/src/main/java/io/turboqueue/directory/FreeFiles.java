package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Emptied batch files of a queue, kept in {@code free/} to be filled again: creating, allocating and unlinking a file costs
 * several times what overwriting one does. Thread-safe; shared with other processes by renames alone.
 *
 * <p>Where batches must survive power loss, a file is filled again only after its move to {@code free/} was synced: else a
 * power cut could bring back the name of the batch that it was, over the content of another. One sync serves all files that a
 * listing found. A sync that failed is not tried again, since the kernel may have dropped what it should have written: this
 * process keeps and fills no more files of the queue then.
 *
 * <p>A file may be filled again only if nobody can still be reading it as the batch that it was:
 *
 * <ul>
 *   <li>not after a second delivery: an owner that lost its claim may be reading late;
 *   <li>not if it has a second name ({@code ln}, {@code cp -l}): that is looked at when it is taken, by its new owner;
 *   <li>whoever reads a batch that it has not claimed looks afterwards whether it still has its name.
 * </ul>
 *
 * As many are kept as take 64 MiB, 256 at most; the rest is deleted. What is in {@code free/} means nothing and may be deleted at any time.
 */
public final class FreeFiles {

    private static final int MOST = 256;
    private static final long MOST_BYTES = 64 << 20;
    private static final long LARGEST_BYTES = 16 << 20;
    private static final long BETWEEN_LISTINGS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Disk disk;
    private final QueueFolder queue;
    private final NanoClock clock;
    private final boolean power;
    private final Deque<String> known = new ArrayDeque<>();
    private int files; // in the folder, about
    private boolean made;
    private boolean syncFailed;
    private long nextListing;

    /**
     * The free files of a queue.
     *
     * @param power whether its batches must survive power loss
     */
    public FreeFiles(Disk disk, QueueFolder queue, NanoClock clock, boolean power) {
        this.disk = disk;
        this.queue = queue;
        this.clock = clock;
        this.power = power;
        this.nextListing = clock.nanoTime();
    }

    /**
     * Takes a file to be filled.
     *
     * @param loading where it goes, at the caller's desk
     * @return false if there is none
     */
    public boolean take(Path loading) throws IOException {
        for (String name = next(); name != null; name = next()) {
            if (isTaken(name, loading)) {
                return true;
            }
        }
        return false;
    }

    private boolean isTaken(String name, Path loading) throws IOException {
        try {
            if (!disk.rename(queue.free().resolve(name), loading)) {
                return false; // another process took it
            }
        } catch (FolderGoneException deleted) {
            return false;
        }
        if (disk.links(loading) == 1) {
            return true;
        }
        disk.unlink(loading); // the other name keeps what it holds
        return false;
    }

    /** The one kept last first: it is the one most likely in the cache. */
    private synchronized @Nullable String next() throws IOException {
        if (known.isEmpty()) {
            listIfDue();
        }
        String name = known.pollLast();
        if (name != null) {
            files--;
        }
        return name;
    }

    /** Others keep and take as well, so what is known is only a guess, made anew now and then. */
    private void listIfDue() throws IOException {
        long now = clock.nanoTime();
        if (syncFailed || now - nextListing < 0) {
            return;
        }
        nextListing = now + BETWEEN_LISTINGS_NANOS;
        known.clear();
        List<String> found = new ArrayList<>();
        try {
            disk.list(queue.free(), found::add);
            if (power && !found.isEmpty()) {
                syncFailed = true;
                disk.syncFolder(queue.free());
                syncFailed = false;
            }
        } catch (FolderGoneException notMadeYet) {
            made = false;
        }
        known.addAll(found);
        files = found.size();
    }

    /**
     * Keeps the file of a batch that is done.
     *
     * @return where it went; null if it is not to be kept, so that it must be deleted
     */
    @Nullable
    Path place(Claim claim) throws IOException {
        BatchName batch = claim.batch();
        if (batch.attempt() > 0
                || batch.contents() == null
                || batch.bytes() > LARGEST_BYTES
                || !hasRoom(batch.bytes())) {
            return null;
        }
        return queue.free().resolve(batch.id() + BatchName.SUFFIX);
    }

    /** The files are taken to be of one size: those of one queue mostly are, and none is opened to find out. */
    private synchronized boolean hasRoom(long bytes) throws IOException {
        long most = Math.min(MOST, MOST_BYTES / Math.max(1, bytes));
        if (files >= most) {
            listIfDue();
        }
        if (syncFailed || files >= most) {
            return false;
        }
        return made || makeFolder();
    }

    private boolean makeFolder() throws IOException {
        disk.createFolder(queue.free());
        made = true;
        return true;
    }

    /** The folder may not be there any more. */
    synchronized void forget() {
        known.clear();
        made = false;
    }

    /** A file went to its {@link #place}. */
    synchronized void kept(Path file) {
        files++;
        if (!power) {
            known.addLast(file.getFileName().toString());
        }
    }
}
