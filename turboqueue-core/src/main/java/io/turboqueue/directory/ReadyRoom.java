package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Whether a queue has room for another batch. Thread-safe.
 *
 * <p>Counting means listing, so a count serves for several batches, but not for long: for a sixteenth of the room it
 * found, since other producers count on the same room, and for as long as a listing is cheap to repeat. Up to sixteen
 * producers may thus together exceed a limit by a batch each; more of them, if all start at once on an empty queue, by
 * more.
 */
public final class ReadyRoom {

    private static final int SHARE = 16;
    private static final long LEAST_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long AGE_PER_COST = 20;
    private static final int OLDEST_KEPT = 64;

    /** Names start with the priority digit, the due time follows. */
    private static final Comparator<String> DROPPED_FIRST =
            Comparator.<String>comparingInt(name -> -name.charAt(0)).thenComparing(Comparator.naturalOrder());

    private final Disk disk;
    private final QueueFolder queue;
    private final Limit limit;
    private final NanoClock clock;
    private long creditBatches;
    private long creditBytes;
    private long countedAt;
    private long usableNanos;

    /**
     * How much may be ready.
     *
     * @param batches at most so many batches
     * @param bytes at most so many bytes, as far as names tell
     */
    public record Limit(long batches, long bytes) {}

    /** The room of one queue. */
    public ReadyRoom(Disk disk, QueueFolder queue, Limit limit, NanoClock clock) {
        this.disk = disk;
        this.queue = queue;
        this.limit = limit;
        this.clock = clock;
    }

    /** Takes room for one batch of about so many bytes; false if there is none. */
    public synchronized boolean tryTake(long bytes) throws IOException {
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
    }

    private void recount() throws IOException {
        long start = clock.nanoTime();
        Count count = count();
        countedAt = clock.nanoTime();
        usableNanos = Math.max(LEAST_AGE_NANOS, AGE_PER_COST * (countedAt - start));
        creditBatches = share(limit.batches - count.batches);
        creditBytes = share(limit.bytes - count.bytes);
    }

    private static long share(long room) {
        return room <= 0 ? 0 : Math.max(1, room / SHARE);
    }

    /**
     * Deletes the oldest batches of the least urgent priority there is, until there is room for one.
     *
     * @return messages deleted, as far as names tell
     */
    public synchronized long dropOldest() throws IOException {
        long dropped = 0;
        Count count = count();
        while (!count.hasRoom(limit) && !count.oldest.isEmpty()) {
            for (String text : count.oldestFirst()) {
                if (count.hasRoom(limit)) {
                    break;
                }
                BatchName name = BatchName.parse(text).orElseThrow();
                if (disk.unlink(queue.of(State.READY, name))) {
                    dropped += name.messages();
                }
                count.batches--;
                count.bytes -= name.bytes();
            }
            count = count();
        }
        return dropped;
    }

    /** A folder that is not there yet has all the room; one that was deleted is for the publish to find out. */
    private Count count() throws IOException {
        Count count = new Count();
        try {
            disk.list(queue.of(State.READY), text -> BatchName.parse(text).ifPresent(name -> count.add(text, name)));
        } catch (FolderGoneException notThere) {
            return new Count();
        }
        return count;
    }

    private static final class Count {
        long batches;
        long bytes;
        final PriorityQueue<String> oldest = new PriorityQueue<>(DROPPED_FIRST.reversed());

        void add(String text, BatchName name) {
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
