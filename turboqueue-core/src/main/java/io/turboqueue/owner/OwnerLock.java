package io.turboqueue.owner;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.HeldLock;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.ProcessIdentity;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder below {@code owners/} that this process has open, and the lock file by which others see that it lives. Not
 * thread-safe.
 */
final class OwnerLock {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerLock.class);
    private static final int TRIES = 5;
    private static final int REFUSALS = 2;
    private static final long MIN_STEP_MILLIS = 1000; // where file times are kept in seconds, still another one

    private final Disk disk;
    private final Path owners;
    private final OwnerName name;
    private Locked lock;
    private long touched = Long.MIN_VALUE + MIN_STEP_MILLIS;
    private int refusals;
    private boolean warned;

    /** How a directory was found when its lock was renewed. */
    enum Condition {
        SOUND,
        /** Somebody else has had the lock for more than a moment: perhaps a recoverer is at work. */
        IN_DOUBT,
        GONE
    }

    /**
     * The lock file at present.
     *
     * @param number its number
     * @param key its inode: a file of the same name may be another one
     */
    private record Locked(int number, @Nullable Object key, HeldLock lock) {}

    private OwnerLock(Disk disk, Path owners, OwnerName name, Locked lock) {
        this.disk = disk;
        this.owners = owners;
        this.name = name;
        this.lock = lock;
    }

    /**
     * Opens a new one: under a temporary name until its lock file is locked, so that nobody takes it for a dead one's; if
     * somebody recovered it anyway, it starts again under another name.
     */
    static OwnerLock open(Disk disk, SpoolFolder spool, ProcessIdentity process) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            OwnerLock opened = tryOpen(disk, spool.owners(), OwnerName.next(process));
            if (opened != null) {
                return opened;
            }
        }
        throw new IOException(
                "cannot open an owner directory in " + spool.owners() + ": each of " + TRIES + " was removed at once");
    }

    private static @Nullable OwnerLock tryOpen(Disk disk, Path owners, OwnerName opening) throws IOException {
        Path temporary = owners.resolve(opening.format());
        OwnerName name = opening.in(OwnerName.Form.IN_USE);
        LocalOwners.take(name.own());
        Locked lock = null;
        OwnerLock opened = null;
        try {
            disk.createFolder(temporary);
            lock = lock(disk, temporary, LockFile.name(1), 1);
            if (lock != null && disk.rename(temporary, owners.resolve(name.format()))) {
                opened = new OwnerLock(disk, owners, name, lock);
            }
            return opened;
        } finally {
            if (opened == null) {
                abandon(disk, temporary, lock, name);
            }
        }
    }

    /** Null if somebody else locked it first, or removed it: then the lock would be on a file without a name. */
    private static @Nullable Locked lock(Disk disk, Path directory, String file, int number) throws IOException {
        HeldLock lock = disk.createLocked(directory.resolve(file));
        if (lock == null) {
            return null;
        }
        BasicFileAttributes found = null;
        try {
            found = disk.look(directory.resolve(file));
        } finally {
            if (found == null) {
                lock.close();
            }
        }
        return found == null ? null : new Locked(number, found.fileKey(), lock);
    }

    /** On a full disk, say, nothing may be left behind at each try. */
    private static void abandon(Disk disk, Path temporary, @Nullable Locked lock, OwnerName name) {
        LocalOwners.abandon(name.own());
        try {
            if (lock != null) {
                lock.lock.close();
            }
            disk.unlink(temporary.resolve(LockFile.name(1)));
            disk.unlink(temporary);
            LocalOwners.forget(name.own());
        } catch (IOException leftForOthers) {
            LOG.debug("{} could not be removed: {}", temporary, leftForOthers.toString());
        }
    }

    Path path() {
        return owners.resolve(name.format());
    }

    /**
     * Shows others that this process lives: renews the lock, moves the lock file's time, and makes the next lock file if
     * this one is gone. To be called once per second.
     *
     * @param nowMillis the wall clock; the time only has to differ from the last, but cleaners of old files look at it
     */
    Condition renew(long nowMillis) throws IOException {
        if (disk.look(path()) == null) {
            return Condition.GONE;
        }
        if (!isLockFileThere()) {
            LOG.warn("the lock file of {} was removed; made again", path());
            lockNext();
        }
        touch(nowMillis);
        refusals = renewLock() ? 0 : refusals + 1;
        return refusals < REFUSALS ? Condition.SOUND : Condition.IN_DOUBT;
    }

    private boolean isLockFileThere() throws IOException {
        BasicFileAttributes found = disk.look(path().resolve(LockFile.name(lock.number)));
        return found != null && (lock.key == null || lock.key.equals(found.fileKey()));
    }

    /** Others may have the old file open still, so the new one has the next number: who locks the old one sees that it is old. */
    private void lockNext() throws IOException {
        int number = lock.number + 1;
        String unfinished = LockFile.unfinished(number);
        disk.unlink(path().resolve(unfinished));
        Locked next = lock(disk, path(), unfinished, number);
        if (next == null) {
            throw new IOException(takenByOthers(number));
        }
        nameOrLetGo(next, unfinished);
        Locked old = lock;
        lock = next;
        old.lock.close();
    }

    private void nameOrLetGo(Locked next, String unfinished) throws IOException {
        boolean named = false;
        try {
            named = disk.rename(path().resolve(unfinished), path().resolve(LockFile.name(next.number)));
        } finally {
            if (!named) {
                next.lock.close();
            }
        }
        if (!named) {
            throw new IOException(takenByOthers(next.number));
        }
    }

    private String takenByOthers(int number) {
        return "lock file " + number + " of " + path() + " was removed or locked by somebody else";
    }

    private void touch(long nowMillis) {
        touched = Math.max(nowMillis, touched + MIN_STEP_MILLIS);
        if (!disk.touch(path().resolve(LockFile.name(lock.number)), touched) && !warned) {
            LOG.warn(
                    "the time of the lock file of {} cannot be moved, so only its lock shows that this process lives",
                    path());
            warned = true;
        }
    }

    /** A channel that an interrupt closed has dropped the lock: a new file gets a new one. */
    private boolean renewLock() throws IOException {
        try {
            return lock.lock.renew();
        } catch (ClosedChannelException closed) {
            lockNext();
            return true;
        }
    }

    /**
     * Says that nobody works here any more, whatever is left in it: for others to recover at once. If the disk fails now, at
     * least this JVM knows.
     *
     * @return where it is now
     */
    Path giveUp() throws IOException {
        Path left = owners.resolve(name.in(OwnerName.Form.LEFT).format());
        boolean said = false;
        try {
            said = disk.rename(path(), left) || disk.look(path()) == null;
        } catch (FolderGoneException gone) {
            said = true;
        } finally {
            close(said);
        }
        return left;
    }

    /** Lets go of the lock of a directory that is gone. */
    void close() throws IOException {
        close(true);
    }

    private void close(boolean said) throws IOException {
        try {
            lock.lock.close();
        } finally {
            if (said) {
                LocalOwners.release(name.own());
            } else {
                LocalOwners.abandon(name.own());
            }
        }
    }
}
