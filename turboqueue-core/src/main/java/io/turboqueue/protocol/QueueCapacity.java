package io.turboqueue.protocol;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.OddNames;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether a queue has room for another batch. Thread-safe.
 *
 * <p>Counting means listing, so a count serves for several batches, but not for long: for a sixteenth of the room it
 * found, since other producers count on the same room, and for as long as a listing is cheap to repeat. Up to sixteen
 * producers may thus together exceed a limit by a batch each; more of them, if all start at once on an empty queue, by
 * more.
 */
public final class QueueCapacity {

    private static final int SHARE = 16;
    private static final long MIN_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long AGE_PER_COST = 20;
    private static final int OLDEST_KEPT = 64;

    /** Names start with the priority digit, the due time follows. */
    private static final Comparator<String> DROPPED_FIRST =
            Comparator.<String>comparingInt(name -> -name.charAt(0)).thenComparing(Comparator.naturalOrder());

    private final ReentrantLock lock = new ReentrantLock();
    private final Disk disk;
    private final QueueFolder queue;
    private final Limit limit;
    private final NanoClock clock;
    private final OddNames odd;
    private long creditBatches;
    private long creditBytes;
    private long countedAt;
    private long usableNanos;
    private Count last = new Count(null);
    private long claimSeenAt;
    private boolean counted;

    /**
     * How much may be ready.
     *
     * @param batches at most that many batches
     * @param bytes at most that many bytes, as far as names tell
     */
    public record Limit(long batches, long bytes) {}

    /**
     * How full the queue was at the last count.
     *
     * @param batches that many were ready
     * @param bytes of that many bytes, as far as names tell
     * @param nanosSinceClaim how long ago a batch was last seen to be gone; at most since the first count
     */
    public record Fill(long batches, long bytes, long nanosSinceClaim) {}

    /** The room of one queue. */
    public QueueCapacity(Disk disk, QueueFolder queue, Limit limit, NanoClock clock) {
        this.disk = disk;
        this.queue = queue;
        this.limit = limit;
        this.clock = clock;
        this.odd = new OddNames(queue.of(BatchState.READY));
    }

    /** Takes room for one batch of about that many bytes; false if there is none. */
    public boolean tryReserve(long bytes) throws IOException {
        lock.lock();
        try {
            boolean stale = clock.nanoTime() - countedAt > usableNanos;
            if (stale || creditBatches < 1 || creditBytes < bytes) {
                recount();
            }
            if (creditBatches < 1 || creditBytes < 1) {
                return false;
            }
            creditBatches--;
            creditBytes = Math.max(0, creditBytes - bytes);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** As of the last count; nothing is listed. */
    public Fill fill() {
        lock.lock();
        try {
            return new Fill(last.batches, last.bytes, counted ? clock.nanoTime() - claimSeenAt : 0);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is no room now; looks at the folder and takes nothing. */
    public boolean isFull() throws IOException {
        return !count(null).hasRoom(limit);
    }

    private void recount() throws IOException {
        long start = clock.nanoTime();
        Count count = count(last.first);
        countedAt = clock.nanoTime();
        noteClaims(count);
        usableNanos = Math.max(MIN_AGE_NANOS, AGE_PER_COST * (countedAt - start));
        creditBatches = share(limit.batches - count.batches);
        creditBytes = share(limit.bytes - count.bytes);
    }

    /** Consumers take what comes first, so a claim shows even where a producer fills the gap at once. */
    private void noteClaims(Count count) {
        if (!counted || count.batches < last.batches || count.firstIsGone()) {
            claimSeenAt = countedAt;
        }
        counted = true;
        last = count;
    }

    private static long share(long room) {
        return room <= 0 ? 0 : Math.max(1, room / SHARE);
    }

    /**
     * Deletes the oldest batches of the least urgent priority there is, until there is room for one. What cannot be deleted
     * keeps none of the others from it; if it is not even a file it is reported once and no longer counted.
     *
     * @return messages deleted, as far as names tell
     * @throws IOException if none of the oldest can be deleted
     */
    public long dropOldest() throws IOException {
        lock.lock();
        try {
            long dropped = 0;
            Count count = count(null);
            while (!count.hasRoom(limit) && !count.oldest.isEmpty()) {
                dropped += drop(count);
                count = count(null);
            }
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private long drop(Count count) throws IOException {
        long dropped = 0;
        IOException failure = null;
        boolean progress = false;
        for (String text : count.oldestFirst()) {
            if (count.hasRoom(limit)) {
                break;
            }
            BatchName name = BatchName.parse(text).orElseThrow();
            boolean counts;
            try {
                dropped += disk.unlink(queue.of(BatchState.READY, name)) ? name.messages() : 0;
                counts = false;
            } catch (IOException failed) {
                failure = failed;
                counts = !leave(text, failed);
            }
            if (!counts) {
                count.batches--;
                count.bytes -= name.bytes();
                progress = true;
            }
        }
        if (failure != null && !progress) {
            throw failure;
        }
        return dropped;
    }

    /** Whether the entry no longer counts. */
    private boolean leave(String name, IOException failed) throws IOException {
        FileStatus found = disk.status(queue.of(BatchState.READY).resolve(name));
        if (found == null || found.isFile()) {
            return found == null;
        }
        odd.report(name, found.kind().words() + " that cannot be deleted and is not counted: " + failed.getMessage());
        return true;
    }

    /** A folder that is not there yet has all the room; one that was deleted is for the publish to find out. */
    private Count count(@Nullable String first) throws IOException {
        Count count = new Count(first);
        try {
            queue.list(disk, queue.of(BatchState.READY), text -> {
                if (!odd.contains(text)) {
                    BatchName.parse(text).ifPresent(name -> count.add(text, name));
                }
            });
        } catch (FolderGoneException notThere) {
            return new Count(first);
        }
        return count;
    }

    private static final class Count {
        private final @Nullable String firstBefore;
        private boolean firstSeen;
        private @Nullable String first;
        long batches;
        long bytes;
        final PriorityQueue<String> oldest = new PriorityQueue<>(DROPPED_FIRST.reversed());

        /**
         * Of nothing yet.
         *
         * @param firstBefore what came first at the count before
         */
        Count(@Nullable String firstBefore) {
            this.firstBefore = firstBefore;
        }

        boolean firstIsGone() {
            return firstBefore != null && !firstSeen;
        }

        void add(String text, BatchName name) {
            firstSeen |= text.equals(firstBefore);
            first = first == null || text.compareTo(first) < 0 ? text : first;
            batches++;
            bytes += name.bytes();
            oldest.add(text);
            if (oldest.size() > OLDEST_KEPT) {
                oldest.remove();
            }
        }

        Iterable<String> oldestFirst() {
            return oldest.stream().sorted(DROPPED_FIRST).toList();
        }

        boolean hasRoom(Limit limit) {
            return batches < limit.batches && bytes < limit.bytes;
        }
    }
}
