package io.turboqueue.protocol;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.OddFolderException;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.OddNames;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.RandomText;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 *   <li>not if it has a second name ({@code ln}, {@code cp -l}): that is looked at when it is kept and, by its new owner,
 *       when it is taken;
 *   <li>whoever reads a batch that it has not claimed looks afterwards whether it still has its name.
 * </ul>
 *
 * <p>Only names of the form {@code ID.db} are taken, and what was taken is looked at after the rename: it is filled only if it
 * is a regular file with one name, of our user, of at most 16 MiB; its mode becomes 0600. A file with a second name loses
 * this one. Anything else goes back to {@code free/} as {@code ID~odd-RANDOM.db}, which is no name that is ever taken, and is
 * reported once. If that fails too it stays in the owner directory under such a name. The producer has a new file in any case.
 *
 * <p>As many are kept as take 64 MiB, 256 at most, and none while room on the disk is scarce; the rest is deleted. What is in {@code free/} means nothing and may be deleted at any time.
 */
public final class RecycledFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RecycledFiles.class);
    private static final int MAX = 256;
    private static final long MAX_BYTES = 64 << 20;
    private static final long MAX_FILE_BYTES = 16 << 20;
    private static final long BETWEEN_LISTINGS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}\\.db");
    private static final int RANDOM_LENGTH = 16;
    private static final int UNKNOWN = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Disk disk;
    private final QueueFolder queue;
    private final NanoClock clock;
    private final boolean power;
    private final OddNames odd;
    private final BooleanSupplier scarce;
    private final Deque<String> known = new ArrayDeque<>();
    private volatile int user = UNKNOWN;
    private int files; // in the folder, about
    private boolean made;
    private boolean syncFailed;
    private boolean warned;
    private long nextListing;

    /**
     * The free files of a queue.
     *
     * @param power whether its batches must survive power loss
     * @param scarce whether room on the disk is; nothing is kept then
     */
    public RecycledFiles(Disk disk, QueueFolder queue, NanoClock clock, boolean power, BooleanSupplier scarce) {
        this.disk = disk;
        this.queue = queue;
        this.clock = clock;
        this.power = power;
        this.scarce = scarce;
        this.nextListing = clock.nanoTime();
        this.odd = new OddNames(queue.free());
    }

    /**
     * Takes a file to be filled.
     *
     * @param loading where it goes, in the caller's owner directory
     * @return false if there is none
     * @throws IOException if the disk fails; something may be left at {@code loading}
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
        return isMoved(name, loading) && isUsable(name, loading);
    }

    private boolean isMoved(String name, Path loading) throws IOException {
        Path file = queue.free().resolve(name);
        try {
            return disk.rename(file, loading); // false: another process took it
        } catch (FolderGoneException deleted) {
            return false;
        } catch (IOException failed) {
            FileStatus found = disk.status(file);
            if (found != null && found.isFile()) {
                throw failed; // the disk is at fault, not the entry
            }
            odd.report(name, "which cannot be moved and is left alone: " + failed.getMessage());
            return false;
        }
    }

    private boolean isUsable(String name, Path loading) throws IOException {
        FileStatus found = disk.status(loading);
        if (found == null) {
            return false;
        }
        if (found.isFile() && found.links() > 1) {
            disk.unlink(loading); // the other name keeps what it holds
            return false;
        }
        String fault = fault(found, loading);
        if (fault != null) {
            setAside(name, loading, fault);
            return false;
        }
        if (found.permissions() != FileStatus.PRIVATE_FILE) {
            disk.makePrivate(loading);
        }
        return true;
    }

    private @Nullable String fault(FileStatus found, Path loading) throws IOException {
        if (!found.isFile()) {
            return found.kind().words();
        }
        if (found.user() != user(loading)) {
            return "a file of user " + found.user();
        }
        return found.bytes() > MAX_FILE_BYTES ? "a file of " + found.bytes() + " bytes" : null;
    }

    /** The owner directory was made by this process, so its user is the one as whom files are made. */
    private int user(Path loading) throws IOException {
        Path directory = loading.getParent();
        if (user == UNKNOWN && directory != null) {
            FileStatus found = disk.status(directory);
            if (found == null) {
                throw new FolderGoneException(directory);
            }
            user = found.user();
        }
        return user;
    }

    private void setAside(String name, Path loading, String fault) throws IOException {
        String aside = name.substring(0, name.length() - BatchName.SUFFIX.length()) + "~odd-"
                + RandomText.of(RANDOM_LENGTH) + BatchName.SUFFIX;
        Path place = queue.free().resolve(aside);
        try {
            disk.rename(loading, place);
        } catch (IOException notBack) {
            place = loading.resolveSibling(aside);
            disk.rename(loading, place);
        }
        odd.report(name, fault + ", not an emptied batch file: it is now " + place + " and left alone");
    }

    /** The one kept last first: it is the one most likely in the cache. */
    private @Nullable String next() throws IOException {
        lock.lock();
        try {
            if (known.isEmpty()) {
                listIfDue();
            }
            String name = known.pollLast();
            if (name != null) {
                files--;
            }
            return name;
        } finally {
            lock.unlock();
        }
    }

    /** Others keep and take as well, so what is known is only a guess, made again now and then. */
    private void listIfDue() throws IOException {
        long now = clock.nanoTime();
        if (syncFailed || now - nextListing < 0) {
            return;
        }
        nextListing = now + BETWEEN_LISTINGS_NANOS;
        known.clear();
        List<String> found = new ArrayList<>();
        try {
            queue.list(disk, queue.free(), name -> add(found, name));
            if (power && !found.isEmpty()) {
                syncFailed = true;
                disk.syncFolder(queue.free());
                syncFailed = false;
            }
        } catch (FolderGoneException notMadeYet) {
            made = false;
        } catch (OddFolderException odd) {
            giveUp(odd);
        }
        known.addAll(found);
        files = found.size();
    }

    private void add(List<String> found, String name) {
        if (!isName(name)) {
            odd.report(name, "which is not the name of an emptied batch file: left alone");
        } else if (!odd.contains(name)) {
            found.add(name);
        }
    }

    /** Whether this is the name of an emptied file. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** To fill files again is an economy: without it, batches go into new files. */
    private void giveUp(OddFolderException odd) {
        made = false;
        if (!warned) {
            LOG.warn("queue {}: no files are filled again: {}", queue.name(), odd.getMessage());
            warned = true;
        }
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
                || batch.bytes() > MAX_FILE_BYTES
                || scarce.getAsBoolean()
                || !hasRoom(batch.bytes())
                || !isOrdinary(claim.path())) {
            return null;
        }
        return queue.free().resolve(batch.id() + BatchName.SUFFIX);
    }

    /**
     * A batch restored by a hard link may have its other name in {@code free/}, where the rename would leave it: between two
     * names of one file {@code rename(2)} does nothing and reports success.
     */
    private boolean isOrdinary(Path claim) throws IOException {
        FileStatus found = disk.status(claim);
        return found != null && found.isFile() && found.links() == 1 && found.bytes() <= MAX_FILE_BYTES;
    }

    /** The files are taken to be of one size: those of one queue mostly are, and none is opened to find out. */
    private boolean hasRoom(long bytes) throws IOException {
        lock.lock();
        try {
            long most = Math.min(MAX, MAX_BYTES / Math.max(1, bytes));
            if (files >= most) {
                listIfDue();
            }
            if (syncFailed || files >= most) {
                return false;
            }
            return made || makeFolder();
        } finally {
            lock.unlock();
        }
    }

    private boolean makeFolder() throws IOException {
        try {
            queue.ensureFree(disk);
            made = true;
        } catch (OddFolderException odd) {
            giveUp(odd);
        }
        return made;
    }

    /**
     * Deletes the emptied files of a queue, but nothing that is not such a file by its name and kind.
     *
     * @return how many
     * @throws OddFolderException if {@code free/} is not a real folder of the queue's own
     */
    static int requeue(Disk disk, QueueFolder queue) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            queue.list(disk, queue.free(), names::add);
        } catch (FolderGoneException noneEver) {
            return 0;
        }
        int deleted = 0;
        IOException failure = null;
        for (String name : names) {
            try {
                deleted +=
                        isEmptied(disk, queue, name) && disk.unlink(queue.free().resolve(name)) ? 1 : 0;
            } catch (IOException failed) {
                failure = failed; // keeps none of the others from it
            }
        }
        if (deleted == 0 && failure != null) {
            throw failure;
        }
        return deleted;
    }

    private static boolean isEmptied(Disk disk, QueueFolder queue, String name) throws IOException {
        FileStatus found = isName(name) ? disk.status(queue.free().resolve(name)) : null;
        return found != null && found.isFile();
    }

    /** The folder may not be there any more. */
    void forget() {
        lock.lock();
        try {
            known.clear();
            made = false;
        } finally {
            lock.unlock();
        }
    }

    /** A file went to its {@link #place}. */
    void kept(Path file) {
        lock.lock();
        try {
            files++;
            if (!power) {
                known.addLast(file.getFileName().toString());
            }
        } finally {
            lock.unlock();
        }
    }
}
