package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * This process's own folder in the spool, the only one it writes to. Thread-safe.
 *
 * <p>Its beacon is a file that stays locked for as long as the process lives: the kernel lets go of it at death, however
 * the process dies, and not while it is only stopped. The beacon is opened once and never again by this JVM.
 */
public final class Desk implements Closeable {

    /** The file whose lock says that the owner lives. */
    public static final String BEACON = "beacon";

    /** How the folder of a desk that is being opened starts. */
    static final String NEW = ".new-";

    private static final int RANDOM_LENGTH = 16;
    private static final int TRIES = 5;

    private final Disk disk;
    private final Path owners;
    private final Path path;
    private final Closeable beacon;
    private final AtomicLong claims = new AtomicLong();
    private boolean durable;

    private Desk(Disk disk, Path owners, Path path, Closeable beacon) {
        this.disk = disk;
        this.owners = owners;
        this.path = path;
        this.beacon = beacon;
    }

    /**
     * Opens a desk in the spool: under a temporary name until its beacon is locked, so that nobody takes it for a dead
     * one's; if somebody locked it first all the same, it starts again under another name.
     */
    public static Desk open(Disk disk, SpoolFolder spool) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Desk desk = tryOpen(disk, spool.owners());
            if (desk != null) {
                return desk;
            }
        }
        throw new IOException(
                "cannot open a desk in " + spool.owners() + ": each of " + TRIES + " was cleared at once");
    }

    private static @Nullable Desk tryOpen(Disk disk, Path owners) throws IOException {
        String name = ProcessHandle.current().pid() + "-" + RandomText.of(RANDOM_LENGTH);
        Path temporary = owners.resolve(NEW + name);
        OwnDesks.take(name);
        OwnDesks.take(NEW + name);
        Closeable beacon = null;
        Desk opened = null;
        try {
            disk.createFolder(temporary);
            beacon = disk.createLocked(temporary.resolve(BEACON), beaconText());
            if (beacon != null && isThere(disk, temporary) && disk.rename(temporary, owners.resolve(name))) {
                opened = new Desk(disk, owners, owners.resolve(name), beacon);
            }
            return opened;
        } finally {
            if (opened == null) {
                closeIfOpen(beacon);
                OwnDesks.release(name);
            }
            OwnDesks.release(NEW + name);
        }
    }

    /** A clearer that locked the beacon first, removed it and died has left a lock on a file without a name. */
    private static boolean isThere(Disk disk, Path desk) throws IOException {
        return disk.look(desk.resolve(BEACON)) != null;
    }

    private static void closeIfOpen(@Nullable Closeable beacon) throws IOException {
        if (beacon != null) {
            beacon.close();
        }
    }

    /**
     * Whether the owner of a desk lives, found without disturbing it: a lock that is had for a moment is let go again.
     *
     * @param owners the folder of the desks
     * @param name the desk's folder in it
     */
    public static boolean isAlive(Disk disk, Path owners, String name) throws IOException {
        if (!OwnDesks.take(name)) {
            return true;
        }
        boolean release = true;
        try (Closeable lock = disk.tryLock(owners.resolve(name).resolve(BEACON))) {
            return lock == null;
        } catch (NoSuchFileException noBeacon) {
            return false;
        } catch (OverlappingFileLockException ourOwn) {
            release = false; // never to be tried again by this JVM
            return true;
        } finally {
            if (release) {
                OwnDesks.release(name);
            }
        }
    }

    /** For people; whether the owner lives is told by the lock alone. */
    private static byte[] beaconText() {
        String text = String.format(
                "{\"pid\": %d, \"since\": \"%s\"}%n", ProcessHandle.current().pid(), Instant.now());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The desk's folder. */
    public Path path() {
        return path;
    }

    /** Where a batch for that queue is filled. */
    public Path loading(QueueName queue, String id) {
        return path.resolve(new DeskEntry.Loading(queue, id).format());
    }

    /** The next claim's number. */
    long nextClaim() {
        return claims.getAndIncrement();
    }

    /** Where a claim is; with a number of its own its name never occurred before. */
    Path claim(long number, QueueName queue, BatchName batch) {
        return path.resolve(new DeskEntry.Claimed(number, queue, batch).format());
    }

    /**
     * Checks that the desk is where it was opened.
     *
     * @throws FolderGoneException if the spool was deleted or replaced, or another process took this one for dead
     */
    public void requireHere() throws IOException {
        if (disk.look(path) == null) {
            throw new FolderGoneException(
                    path,
                    "the spool was deleted or replaced, or another process took this one for"
                            + " dead; close the spool and open it again");
        }
    }

    /** Makes the desk itself survive power loss; once is enough. */
    synchronized void makeDurable() throws IOException {
        if (!durable) {
            disk.syncFolder(owners);
            durable = true;
        }
    }

    /** Gives up the lock. What still lies at the desk is for others to clear, as after a crash. */
    @Override
    public void close() throws IOException {
        try {
            beacon.close();
        } finally {
            OwnDesks.release(path.getFileName().toString());
        }
    }
}
