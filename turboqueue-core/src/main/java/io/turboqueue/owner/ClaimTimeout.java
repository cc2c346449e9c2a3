package io.turboqueue.owner;

import io.turboqueue.disk.Disk;
import io.turboqueue.layout.OwnerContents;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches back from owners that are alive but hold them for too long; only for queues that ask for it. Not
 * thread-safe.
 *
 * <p>No file's age is trusted: a claim's time runs from when this process first saw it, so it is taken after the limit
 * and at most two looks later. A checkpoint renames the claim and so restarts its time. The late owner finds its claim gone.
 */
public final class ClaimTimeout {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimTimeout.class);
    private static final int MAX_WARNED = 1000;

    private final Disk disk;
    private final SpoolFolder spool;
    private final ClaimRequeue returns;
    private final NanoClock clock;
    private final Map<Path, Long> firstSeen = new HashMap<>();
    private final Set<Path> warned = new HashSet<>();

    /** ClaimTimeout of one spool's claims. */
    public ClaimTimeout(Disk disk, SpoolFolder spool, ClaimRequeue returns, NanoClock clock) {
        this.disk = disk;
        this.spool = spool;
        this.returns = returns;
        this.clock = clock;
    }

    /**
     * Looks at every claim once. One that cannot be taken back keeps none of the others from it.
     *
     * @param limits nanoseconds allowed, for the queues that have a limit
     * @return batches taken back
     */
    public int runOnce(Map<QueueName, Long> limits) throws IOException {
        Set<Path> seen = new HashSet<>();
        int taken = 0;
        for (OwnerName owner : spool.ownerNames(disk)) {
            Path directory = spool.owners().resolve(owner.format());
            for (OwnerEntry entry : contents(directory)) {
                Long limit = limits.get(entry.queue());
                if (limit != null && entry instanceof OwnerEntry.Claimed claimed) {
                    Path path = directory.resolve(entry.format());
                    seen.add(path);
                    taken += isOver(path, limit) && takeBack(path, claimed) ? 1 : 0;
                }
            }
        }
        firstSeen.keySet().retainAll(seen);
        return taken;
    }

    private List<OwnerEntry> contents(Path directory) {
        try {
            return OwnerContents.of(disk, directory).entries();
        } catch (IOException failed) {
            warnOnce(directory, failed);
            return List.of();
        }
    }

    private boolean takeBack(Path path, OwnerEntry.Claimed claimed) {
        try {
            return returns.requeue(path, claimed) != ClaimRequeue.Outcome.GONE;
        } catch (IOException failed) {
            warnOnce(path, failed);
            return false;
        }
    }

    private void warnOnce(Path what, IOException failed) {
        if (warned.size() < MAX_WARNED && warned.add(what)) {
            LOG.warn("no claim is taken back at {}: {}", what, failed.toString());
        }
    }

    private boolean isOver(Path claim, long limit) {
        long now = clock.nanoTime();
        Long since = firstSeen.putIfAbsent(claim, now);
        return since != null && now - since >= limit;
    }
}
