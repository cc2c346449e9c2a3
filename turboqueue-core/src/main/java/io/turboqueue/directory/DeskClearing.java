package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import io.turboqueue.waiting.NanoClock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears the desks of dead processes: their claims become ready again with one more attempt, or dead letters at the
 * limit; their half-filled batches are deleted. Not thread-safe; any number of processes may do it at once.
 *
 * <p>Who holds the lock of a beacon clears that desk; a lock that cannot be had belongs to a live owner, or to somebody
 * who is clearing already. A desk without a beacon is one that is being opened or that a clearer left half removed, so it
 * counts as dead only after it was seen so twice, a second apart.
 */
public final class DeskClearing {

    private static final Logger LOG = LoggerFactory.getLogger(DeskClearing.class);
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final SpoolFolder spool;
    private final ClaimReturns returns;
    private final NanoClock clock;
    private final Map<String, Long> withoutBeacon = new HashMap<>();
    private final Set<Path> warned = new HashSet<>();

    /**
     * What was done.
     *
     * @param desks desks removed
     * @param returned batches made ready again
     * @param dead batches at their attempt limit
     * @param deleted half-filled batches deleted
     */
    public record Result(int desks, int returned, int dead, int deleted) {
        private static final Result NONE = new Result(0, 0, 0, 0);

        /** The sum of two. */
        public Result plus(Result other) {
            return new Result(
                    desks + other.desks, returned + other.returned, dead + other.dead, deleted + other.deleted);
        }
    }

    /** Clearing of one spool's desks. */
    public DeskClearing(Disk disk, SpoolFolder spool, ClaimReturns returns, NanoClock clock) {
        this.disk = disk;
        this.spool = spool;
        this.returns = returns;
        this.clock = clock;
    }

    /** Looks at every desk once. What one desk does wrong keeps none of the others from being cleared. */
    public Result runOnce() throws IOException {
        List<String> names = spool.desks(disk);
        withoutBeacon.keySet().retainAll(names);
        Result result = Result.NONE;
        for (String name : names) {
            if (OwnDesks.take(name)) {
                result = result.plus(clearTaken(name, spool.owners().resolve(name)));
            }
        }
        return result;
    }

    private Result clearTaken(String name, Path desk) {
        boolean release = true;
        try {
            return clearIfDead(name, desk);
        } catch (OverlappingFileLockException ourOwn) {
            release = false; // of another path to this spool, say; never to be tried again by this JVM
            return Result.NONE;
        } catch (IOException failed) {
            warnOnce(desk, failed.toString());
            return Result.NONE;
        } finally {
            if (release) {
                OwnDesks.release(name);
            }
        }
    }

    /** Leaves one's own desk: what lies there goes where a dead owner's would, the desk is removed, the lock goes last. */
    public void leave(Desk desk) throws IOException {
        try (desk) {
            clear(desk.path());
        }
    }

    private Result clearIfDead(String name, Path desk) throws IOException {
        try (Closeable lock = disk.tryLock(desk.resolve(Desk.BEACON))) {
            return lock == null ? Result.NONE : clear(desk);
        } catch (NoSuchFileException noBeacon) {
            return seenWithoutBeaconBefore(name) ? clear(desk) : Result.NONE;
        }
    }

    private boolean seenWithoutBeaconBefore(String name) {
        long now = clock.nanoTime();
        Long since = withoutBeacon.putIfAbsent(name, now);
        return since != null && now - since >= SETTLED_NANOS;
    }

    /** Nobody works at a dead owner's desk, so its listing is exact. */
    private Result clear(Path desk) throws IOException {
        Result result = Result.NONE;
        DeskContents contents = DeskContents.of(disk, desk);
        for (DeskEntry entry : contents.entries()) {
            result = result.plus(clear(desk.resolve(entry.format()), entry));
        }
        if (contents.foreign().isEmpty()) {
            return remove(desk) ? result.plus(new Result(1, 0, 0, 0)) : result;
        }
        warnOnce(desk, "it holds " + contents.foreign().size() + " files that are not ours");
        return result;
    }

    private void warnOnce(Path desk, String why) {
        if (warned.add(desk)) {
            LOG.warn("desk {} cannot be cleared: {}", desk, why);
        }
    }

    private Result clear(Path path, DeskEntry entry) throws IOException {
        if (entry instanceof DeskEntry.Claimed claimed) {
            return giveBack(path, claimed);
        }
        return disk.unlink(path) ? new Result(0, 0, 0, 1) : Result.NONE;
    }

    private Result giveBack(Path path, DeskEntry.Claimed claimed) throws IOException {
        return switch (returns.giveBack(path, claimed)) {
            case READY -> new Result(0, 1, 0, 0);
            case DEAD -> new Result(0, 0, 1, 0);
            case GONE -> Result.NONE;
        };
    }

    private boolean remove(Path desk) throws IOException {
        try {
            disk.unlink(desk.resolve(Desk.BEACON));
            return disk.unlink(desk);
        } catch (DirectoryNotEmptyException | FolderGoneException othersAreAtIt) {
            return false;
        }
    }
}
