package io.turboqueue.owner;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.RecoveryResult;
import io.turboqueue.layout.OwnerContents;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.Liveness.Evidence;
import io.turboqueue.owner.Liveness.Look;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers what dead owners left: their claims become ready again with one more attempt, or dead letters at the limit;
 * their half-filled batches are deleted; their directories are removed. Not thread-safe; any number of processes may do it at
 * once.
 *
 * <p>An owner is dead if its directory says so ({@code left-}), or if its process ended for certain. Otherwise only if its
 * lock was free at every look and the lock file's time did not move, for five seconds if its process cannot be seen from here,
 * for ten minutes if its process is there. All of that is asked again while its lock is held.
 */
public final class OwnerRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerRecovery.class);
    private static final int MAX_WARNED = 1000;

    /** An owner shows once per second that it lives, whatever its settings. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A process that is there, but shows nothing: its spool was forgotten, or it is stopped and its lock was dropped. */
    private static final long PATIENCE_WITH_PROCESS_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final SpoolFolder spool;
    private final Disk disk;
    private final ClaimRequeue returns;
    private ClaimRequeue ofThisRun;
    private final Liveness liveness;
    private final NanoClock clock;
    private final Map<OwnerName, Suspicion> suspicions = new HashMap<>();
    private final Set<Path> warned = new HashSet<>();

    /**
     * An owner that showed no life at some looks.
     *
     * @param since when the first of them ended
     * @param patience how long it must last
     * @param lockFile the lock file it was about
     * @param time that file's time
     */
    private record Suspicion(
            long since,
            long patience,
            int lockFile,
            @Nullable FileTime time) {
        boolean isAbout(Look look) {
            return lockFile == look.lockFile() && Objects.equals(time, look.time());
        }
    }

    /** OwnerRecovery of one spool's dead owners, by what this process sees. */
    public OwnerRecovery(Disk disk, SpoolFolder spool, ClaimRequeue returns, Processes processes, NanoClock clock) {
        this.disk = disk;
        this.spool = spool;
        this.returns = returns;
        this.ofThisRun = returns;
        this.liveness = new Liveness(disk, spool, processes);
        this.clock = clock;
    }

    /** Looks at every owner once. What one directory does wrong keeps none of the others from being recovered. */
    public RecoveryResult runOnce() throws IOException {
        List<OwnerName> owners = spool.ownerNames(disk);
        suspicions.keySet().retainAll(owners);
        ofThisRun = returns.forOneRun();
        RecoveryResult result = RecoveryResult.NONE;
        for (OwnerName owner : owners) {
            if (LocalOwners.take(owner.own())) {
                result = result.plus(recoverTaken(owner));
            }
        }
        return result;
    }

    /** How long until an owner in question may be known to be dead; {@link Long#MAX_VALUE} if none is in question. */
    public long nanosUntilVerdict() {
        long now = clock.nanoTime();
        return suspicions.values().stream()
                .mapToLong(suspicion -> Math.max(0, suspicion.patience - (now - suspicion.since)))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private RecoveryResult recoverTaken(OwnerName owner) {
        Path directory = spool.owners().resolve(owner.format());
        boolean release = true;
        try {
            FileStatus found = disk.status(directory);
            if (found != null && !found.isFolder()) {
                warnOnce(directory, "it is " + found.kind().words() + ", not a folder");
                return RecoveryResult.NONE;
            }
            return recoverIfDead(owner, directory);
        } catch (OverlappingFileLockException ourOwn) {
            release = false; // by another path to this spool, say; never to be tried again by this JVM
            return RecoveryResult.NONE;
        } catch (IOException failed) {
            warnOnce(directory, failed.toString());
            return RecoveryResult.NONE;
        } finally {
            if (release) {
                LocalOwners.release(owner.own());
            }
        }
    }

    private RecoveryResult recoverIfDead(OwnerName owner, Path directory) throws IOException {
        long before = clock.nanoTime();
        try (Look look = liveness.open(owner)) {
            if (!isDead(owner, look, before)) {
                return RecoveryResult.NONE;
            }
            suspicions.remove(owner);
            Map<Path, IOException> failures = new LinkedHashMap<>();
            RecoveryResult result = empty(directory, look.lockFile(), failures);
            failures.forEach((entry, failed) -> warnOnce(entry, failed.toString()));
            if (result.owners() > 0) {
                LocalOwners.forget(owner.own());
            }
            return result;
        }
    }

    private boolean isDead(OwnerName owner, Look look, long before) {
        if (look.evidence() == Evidence.ALIVE) {
            suspicions.remove(owner);
            return false;
        }
        return look.evidence() == Evidence.DEAD || isOver(owner, look, before);
    }

    /** The looks' own time does not count: only what lies between the end of one and the beginning of another. */
    private boolean isOver(OwnerName owner, Look look, long before) {
        Suspicion earlier = suspicions.get(owner);
        long patience = look.evidence() == Evidence.PRESENT ? PATIENCE_WITH_PROCESS_NANOS : PATIENCE_NANOS;
        if (earlier == null || !earlier.isAbout(look)) {
            suspicions.put(owner, new Suspicion(clock.nanoTime(), patience, look.lockFile(), look.time()));
            return false;
        }
        long longer = Math.max(patience, earlier.patience);
        suspicions.put(owner, new Suspicion(earlier.since, longer, earlier.lockFile, earlier.time));
        return before - earlier.since >= longer;
    }

    /**
     * Leaves one's own place: what is there goes where a dead owner's would.
     *
     * @throws IOException if something could not be moved or deleted; everything else was
     */
    public void leave(OwnerDirectory owner) throws IOException {
        Map<Path, IOException> failures = new LinkedHashMap<>();
        owner.leave(directory -> empty(directory, Integer.MAX_VALUE, failures));
        for (IOException failed : failures.values()) {
            throw failed;
        }
    }

    /**
     * Nobody works in a dead owner's directory, so its listing is exact.
     *
     * @param failures gets what could not be moved or deleted, which keeps nothing else from it
     */
    private RecoveryResult empty(Path directory, int lockFile, Map<Path, IOException> failures) throws IOException {
        OwnerContents contents = OwnerContents.of(disk, directory);
        if (contents.newestLockFile() > lockFile) {
            return RecoveryResult.NONE; // its owner has just made it
        }
        RecoveryResult result = RecoveryResult.NONE;
        boolean folderLeft = false;
        for (OwnerEntry entry : contents.entries()) {
            Path path = directory.resolve(entry.format());
            try {
                result = result.plus(recover(path, entry));
            } catch (DirectoryNotEmptyException notOurs) {
                warnOnce(path, "it is a folder that is not empty");
                folderLeft = true;
            } catch (IOException failed) {
                failures.put(path, failed);
            }
        }
        if (folderLeft || !failures.isEmpty()) {
            return result;
        }
        if (contents.foreign().isEmpty()) {
            return remove(directory, contents.lockFiles()) ? result.plus(new RecoveryResult(1, 0, 0, 0)) : result;
        }
        warnOnce(directory, "it holds " + contents.foreign().size() + " files that are not ours");
        return result;
    }

    private void warnOnce(Path what, String why) {
        if (warned.size() < MAX_WARNED && warned.add(what)) {
            LOG.warn("{} cannot be recovered: {}", what, why);
        }
    }

    private RecoveryResult recover(Path path, OwnerEntry entry) throws IOException {
        if (entry instanceof OwnerEntry.Claimed claimed) {
            return requeue(path, claimed);
        }
        return disk.unlink(path) ? new RecoveryResult(0, 0, 0, 1) : RecoveryResult.NONE;
    }

    private RecoveryResult requeue(Path path, OwnerEntry.Claimed claimed) throws IOException {
        return switch (ofThisRun.requeue(path, claimed)) {
            case READY -> new RecoveryResult(0, 1, 0, 0);
            case DEAD -> new RecoveryResult(0, 0, 1, 0);
            case GONE -> RecoveryResult.NONE;
        };
    }

    private boolean remove(Path directory, List<String> lockFiles) throws IOException {
        try {
            for (String lockFile : lockFiles) {
                disk.unlink(directory.resolve(lockFile));
            }
            return disk.unlink(directory);
        } catch (DirectoryNotEmptyException | FolderGoneException othersAreAtIt) {
            return false;
        }
    }
}
