package io.turboqueue.owner;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.layout.OwnerContents;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.layout.SpoolIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner directory that this process works in, the only folder it writes to.
 * Thread-safe.
 *
 * <p>Its owner must {@link #renew} it once per second. If somebody may have taken this process for dead, it continues in a
 * new directory: what it had claimed moves there, claim by claim, each a rename that either it or the recoverer wins. If the
 * directory was deleted, it takes a new one; what was claimed is lost to it then.
 */
public final class OwnerDirectory implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerDirectory.class);
    private static final int MAX_LISTINGS = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Disk disk;
    private final SpoolFolder spool;
    private final Processes processes;
    private final SpoolIdentity identity;
    private final AtomicLong claims = new AtomicLong();
    private volatile OwnerLock directory;
    private boolean durable;
    private boolean closed;

    private OwnerDirectory(Disk disk, SpoolFolder spool, Processes processes) throws IOException {
        this.disk = disk;
        this.spool = spool;
        this.processes = processes;
        this.identity = SpoolIdentity.of(disk, spool);
        this.directory = OwnerLock.open(disk, spool, processes.self());
    }

    /** Takes a place in the spool. */
    public static OwnerDirectory open(Disk disk, SpoolFolder spool, Processes processes) throws IOException {
        return new OwnerDirectory(disk, spool, processes);
    }

    /** The directory at present. */
    public Path path() {
        return directory.path();
    }

    /** Where a batch for that queue is filled. */
    public Path loading(QueueName queue, String id) {
        return path().resolve(new OwnerEntry.Loading(queue, id).format());
    }

    /** The next claim's number. */
    public long nextClaim() {
        return claims.getAndIncrement();
    }

    /** Where something is now that this process had in a directory of its own: the same path, unless it was moved since. */
    public Path now(Path own) {
        return path().resolve(own.getFileName());
    }

    /**
     * Renames something from elsewhere into this process's directory.
     *
     * @return where it is; null if it was gone
     */
    @Nullable
    public Path take(Path from, OwnerEntry as) throws IOException {
        Path to = path().resolve(as.format());
        try {
            return disk.rename(from, to) ? to : null;
        } catch (FolderGoneException gone) {
            requireLost(from, to, gone);
            Path again = now(to);
            return disk.rename(from, again) ? again : null;
        }
    }

    /**
     * Renames something within this process's directory.
     *
     * @return where it is; null if it was gone
     */
    @Nullable
    public Path rename(Path own, OwnerEntry to) throws IOException {
        String name = to.format();
        return move(own, () -> path().resolve(name));
    }

    /**
     * Renames something out of this process's directory.
     *
     * @return false if it is gone
     * @throws FolderGoneException if the target's folder is gone, or the spool
     */
    public boolean rename(Path own, Path to) throws IOException {
        return move(own, () -> to) != null;
    }

    /** If it is not where it was, a move to another directory that is under way is waited for. */
    private @Nullable Path move(Path own, Supplier<Path> to) throws IOException {
        Path moved = tryMove(own, to);
        if (moved != null || now(own).equals(own)) {
            return moved;
        }
        lock.lock();
        try {
            return tryMove(now(own), to);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Path tryMove(Path from, Supplier<Path> to) throws IOException {
        Path target = to.get();
        try {
            return disk.rename(from, target) ? target : null;
        } catch (FolderGoneException gone) {
            requireLost(from, target, gone);
            return null;
        }
    }

    /** A directory of this process's own that is gone is no error: there is another one then. */
    private void requireLost(Path path, Path other, FolderGoneException gone) throws IOException {
        if (!isInLostDirectory(path) && !isInLostDirectory(other)) {
            throw gone;
        }
        ensureHere();
    }

    private boolean isInLostDirectory(Path path) throws IOException {
        Path parent = path.getParent();
        return parent != null && spool.owners().equals(parent.getParent()) && disk.look(parent) == null;
    }

    /** Removes something from this process's directory; false if it is gone. */
    public boolean unlink(Path own) throws IOException {
        if (disk.unlink(own)) {
            return true;
        }
        if (now(own).equals(own)) {
            return false;
        }
        lock.lock();
        try {
            return disk.unlink(now(own));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes sure that there is a directory to work in, a new one if the present one was deleted.
     *
     * @throws FolderGoneException if the spool was deleted or replaced
     */
    public void ensureHere() throws IOException {
        if (disk.look(path()) == null) {
            replace();
        }
    }

    private void replace() throws IOException {
        lock.lock();
        try {
            OwnerLock gone = directory;
            if (closed || disk.look(gone.path()) != null) {
                return;
            }
            requireSameSpool(gone.path());
            enter(OwnerLock.open(disk, spool, processes.self()));
            gone.close();
            LOG.warn(
                    "owner directory {} is gone: somebody deleted it, or took this process for dead. What was claimed is lost to"
                            + " this process and delivered again; it goes on in {}",
                    gone.path(),
                    path());
        } finally {
            lock.unlock();
        }
    }

    private void requireSameSpool(Path gone) throws IOException {
        boolean same;
        try {
            same = SpoolIdentity.of(disk, spool).isSame(identity);
        } catch (FolderGoneException noSpool) {
            same = false;
        }
        if (!same) {
            throw new FolderGoneException(gone, "the spool was deleted or replaced; close the spool and open it again");
        }
    }

    private void enter(OwnerLock next) {
        durable = false;
        directory = next;
    }

    /**
     * Shows others that this process lives, and finds out whether they could have missed it. To be called once per second.
     *
     * @param nowMillis the wall clock
     * @throws IOException if the disk failed; the next renewal tries again
     */
    public void renew(long nowMillis) throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            switch (directory.renew(nowMillis)) {
                case SOUND -> {}
                case IN_DOUBT -> move();
                case GONE -> replace();
            }
        } finally {
            lock.unlock();
        }
    }

    /** New things go to the new directory first; then what is in the old one follows, and what came there meanwhile. */
    private void move() throws IOException {
        OwnerLock old = directory;
        enter(OwnerLock.open(disk, spool, processes.self()));
        LOG.warn(
                "the lock of {} was refused twice, so another process may have taken this one for dead; it goes on in {}",
                old.path(),
                path());
        try {
            moveAll(old.path());
        } finally {
            Path left = old.giveUp();
            moveAll(left);
            remove(left);
        }
    }

    private void moveAll(Path from) throws IOException {
        for (int i = 0; i < MAX_LISTINGS; i++) {
            int moved = 0;
            for (OwnerEntry entry : OwnerContents.of(disk, from).entries()) {
                moved += moveOne(from.resolve(entry.format())) ? 1 : 0;
            }
            if (moved == 0) {
                return;
            }
        }
    }

    private boolean moveOne(Path from) throws IOException {
        try {
            return disk.rename(from, now(from));
        } catch (FolderGoneException recovered) {
            return false;
        }
    }

    private void remove(Path left) throws IOException {
        try {
            for (String lockFile : OwnerContents.of(disk, left).lockFiles()) {
                disk.unlink(left.resolve(lockFile));
            }
            disk.unlink(left);
        } catch (DirectoryNotEmptyException | FolderGoneException othersAreAtIt) {
            LOG.debug("{} is left to be recovered", left);
        }
    }

    /** Makes the directory itself survive power loss; once is enough. */
    public void makeDurable() throws IOException {
        lock.lock();
        try {
            if (!durable) {
                disk.syncFolder(spool.owners());
                durable = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Empties a directory. */
    interface Emptying {
        void empty(Path directory) throws IOException;
    }

    /** Leaves: empties the directory and gives it up. A second call does nothing. */
    void leave(Emptying emptying) throws IOException {
        lock.lock();
        try {
            if (!closed) {
                try {
                    emptying.empty(path());
                } finally {
                    close();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the directory up. What is still in it is for others to recover, at once. A second call does nothing. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                directory.giveUp();
            }
        } finally {
            lock.unlock();
        }
    }
}
