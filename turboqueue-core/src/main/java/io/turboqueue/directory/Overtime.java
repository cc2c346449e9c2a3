package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Takes batches back from owners that are alive but hold them for too long; only for queues that ask for it. Not
 * thread-safe.
 *
 * <p>No file's age is trusted: a claim's time runs from when this process first saw it, so it is taken after the limit
 * and at most two looks later. A checkpoint renames the claim and so starts its time anew. The late owner finds its claim gone.
 */
public final class Overtime {

    private final Disk disk;
    private final SpoolFolder spool;
    private final ClaimReturns returns;
    private final NanoClock clock;
    private final Map<Path, Long> firstSeen = new HashMap<>();

    /** Overtime of one spool's claims. */
    public Overtime(Disk disk, SpoolFolder spool, ClaimReturns returns, NanoClock clock) {
        this.disk = disk;
        this.spool = spool;
        this.returns = returns;
        this.clock = clock;
    }

    /**
     * Looks at every claim once.
     *
     * @param limits nanoseconds allowed, for the queues that have a limit
     * @return batches taken back
     */
    public int runOnce(Map<QueueName, Long> limits) throws IOException {
        Set<Path> seen = new HashSet<>();
        int taken = 0;
        for (String name : spool.desks(disk)) {
            Path desk = spool.owners().resolve(name);
            for (DeskEntry entry : DeskContents.of(disk, desk).entries()) {
                Long limit = limits.get(entry.queue());
                if (limit != null && entry instanceof DeskEntry.Claimed claimed) {
                    Path path = desk.resolve(entry.format());
                    seen.add(path);
                    taken +=
                            isOver(path, limit) && returns.giveBack(path, claimed) != ClaimReturns.Outcome.GONE ? 1 : 0;
                }
            }
        }
        firstSeen.keySet().retainAll(seen);
        return taken;
    }

    private boolean isOver(Path claim, long limit) {
        long now = clock.nanoTime();
        Long since = firstSeen.putIfAbsent(claim, now);
        return since != null && now - since >= limit;
    }
}
