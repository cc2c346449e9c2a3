package io.turboqueue.owner;

import io.turboqueue.disk.Disk;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerContents;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.SpoolFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the owners of a spool's directories live. Thread-safe.
 *
 * <p>A held lock is proof of life, a free one is no proof of death: the kernel drops it when anything in the owner's JVM closes
 * the file. So a look with a free lock tells what else there is: the process, if it can be seen from here, and the lock
 * file's time, which a living owner moves once per second.
 *
 * @param disk the disk
 * @param spool the spool
 * @param processes the processes as seen from here
 */
public record Liveness(Disk disk, SpoolFolder spool, Processes processes) {

    /** What one look shows. */
    public enum Evidence {
        /** The lock is held, or a newer lock file was made during the look. */
        ALIVE,
        /** The directory was given up, or the process ended for certain. */
        DEAD,
        /** The lock is free, but the process is there. */
        PRESENT,
        /** The lock is free, and the process cannot be seen from here. */
        UNKNOWN
    }

    /**
     * One look. It holds the lock, if it got it, until it is closed.
     *
     * @param evidence what it shows
     * @param lockFile the number of the newest lock file; 0 if there is none
     * @param time when the owner last moved that file's time. If there is none, the directory's: an owner that makes a lock
     *     file moves that, even if the file is removed again before anybody looks; null if that is gone too
     */
    record Look(
            Evidence evidence,
            int lockFile,
            @Nullable FileTime time,
            @Nullable Closeable lock) implements Closeable {

        static final Look ALIVE = new Look(Evidence.ALIVE, 0, null, null);
        static final Look LEFT = new Look(Evidence.DEAD, Integer.MAX_VALUE, null, null);

        @Override
        public void close() throws IOException {
            if (lock != null) {
                lock.close();
            }
        }
    }

    /** Looks once, and changes nothing: a lock that is had for a moment is let go again. */
    public Evidence look(OwnerName owner) throws IOException {
        if (!LocalOwners.take(owner.own())) {
            return Evidence.ALIVE;
        }
        boolean release = true;
        try (Look look = open(owner)) {
            return look.evidence;
        } catch (OverlappingFileLockException ourOwn) {
            release = false; // by another path to this spool, say; never to be tried again by this JVM
            return Evidence.ALIVE;
        } finally {
            if (release) {
                LocalOwners.release(owner.own());
            }
        }
    }

    /** A look by a caller that has taken the directory for this JVM. */
    Look open(OwnerName owner) throws IOException {
        if (owner.form() == OwnerName.Form.LEFT || LocalOwners.isAbandoned(owner.own())) {
            return Look.LEFT;
        }
        Path directory = spool.owners().resolve(owner.format());
        return isFirstLocked(directory) ? Look.ALIVE : open(owner, directory);
    }

    /** Mostly there is one lock file, and it is locked: then the directory need not be listed. */
    private boolean isFirstLocked(Path directory) throws IOException {
        try (Closeable lock = disk.tryLock(directory.resolve(LockFile.name(1)))) {
            return lock == null;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    private Look open(OwnerName owner, Path directory) throws IOException {
        int newest = OwnerContents.of(disk, directory).newestLockFile();
        if (newest == 0) {
            return new Look(evidence(owner), 0, time(directory), null);
        }
        Closeable lock;
        try {
            lock = disk.tryLock(directory.resolve(LockFile.name(newest)));
        } catch (NoSuchFileException removed) {
            return Look.ALIVE; // to be looked at again
        }
        return lock == null ? Look.ALIVE : underLock(owner, directory, newest, lock);
    }

    /** An owner whose lock file was removed makes one of the next number: then the lock that we got is on the old one. */
    private Look underLock(OwnerName owner, Path directory, int number, Closeable lock) throws IOException {
        boolean keep = false;
        try {
            if (OwnerContents.of(disk, directory).newestLockFile() != number) {
                return Look.ALIVE;
            }
            Look look = new Look(evidence(owner), number, time(directory.resolve(LockFile.name(number))), lock);
            keep = true;
            return look;
        } finally {
            if (!keep) {
                lock.close();
            }
        }
    }

    private @Nullable FileTime time(Path path) throws IOException {
        BasicFileAttributes found = disk.look(path);
        return found == null ? null : found.lastModifiedTime();
    }

    private Evidence evidence(OwnerName owner) {
        return switch (processes.look(owner.process())) {
            case GONE -> Evidence.DEAD;
            case PRESENT -> Evidence.PRESENT;
            case UNKNOWN -> Evidence.UNKNOWN;
        };
    }
}
