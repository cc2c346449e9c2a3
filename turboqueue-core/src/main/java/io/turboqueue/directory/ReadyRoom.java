package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Whether a queue has room for another batch. Thread-safe.
 *
 * <p>Counting means listing, so a count is used for several batches: for a quarter of the room it found, since other
 * producers count on the same room. The limits may thus be exceeded for a moment, by about a batch for each producer.
 */
public final class ReadyRoom {

    private static final int SHARE = 4;
    private static final int OLDEST_KEPT = 64;

    /** Names start with the priority digit, the due time follows. */
    private static final Comparator<String> DROPPED_FIRST =
            Comparator.<String>comparingInt(name -> -name.charAt(0)).thenComparing(Comparator.naturalOrder());

    private final Disk disk;
    private final QueueFolder queue;
    private final Limit limit;
    private long credit;

    /**
     * How much may be ready.
     *
     * @param batches at most so many batches
     * @param bytes at most so many bytes, as far as names tell
     */
    public record Limit(long batches, long bytes) {}

    /** The room of one queue. */
    public ReadyRoom(Disk disk, QueueFolder queue, Limit limit) {
        this.disk = disk;
        this.queue = queue;
        this.limit = limit;
    }

    /** Takes room for one batch; false if there is none. */
    public synchronized boolean tryTake() throws IOException {
        if (credit == 0) {
            credit = count().room(limit);
        }
        if (credit == 0) {
            return false;
        }
        credit--;
        return true;
    }

    /**
     * Deletes the oldest batches of the least urgent priority there is, until there is room for one.
     *
     * @return messages deleted, as far as names tell
     */
    public synchronized long dropOldest() throws IOException {
        long dropped = 0;
        Count count = count();
        while (count.room(limit) == 0 && !count.oldest.isEmpty()) {
            for (String text : count.oldestFirst()) {
                if (count.room(limit) > 0) {
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

        /** For how many batches there is room, of the average size of those that are there. */
        long room(Limit limit) {
            long byCount = limit.batches - batches;
            long average = batches == 0 ? 1 : Math.max(1, bytes / batches);
            long byBytes = bytes >= limit.bytes ? 0 : Math.max(1, (limit.bytes - bytes) / average);
            long room = Math.max(0, Math.min(byCount, byBytes));
            return room == 0 ? 0 : Math.max(1, room / SHARE);
        }
    }
}
