package io.turboqueue.protocol;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.OddNames;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which batch to try next: a listing of {@code ready/}, kept in memory and shared by a process's consumers of one queue.
 * Thread-safe.
 *
 * <p>A claim costs the same however long the backlog: the first few thousand names are kept from one listing and handed
 * out one by one. The folder is listed again when they run out, or when they are so old that a batch of higher priority
 * may have come since; the longer a listing takes, the longer it is used. A name handed out is only a candidate: the
 * rename decides.
 *
 * <p>Claimers that keep losing races spread out. Each takes a run of names that follow each other, from a place chosen at
 * random among the first names of the most urgent priority; each lost race doubles the number of those and begins a new run,
 * each won race narrows it. When losing has cost more than listing does, the names are too old, and the folder is listed
 * again; and while races are lost, names are used for four listings' time only: a claimer that had to wait for a core would
 * find them gone. A lone consumer thus takes batches strictly in order.
 *
 * <p>A pause is seen at the next listing, so within 0.1 s, or 20 listings' time where that is longer.
 */
public final class ReadyListing {

    private static final int MAX_NAMES = 8192;
    private static final int WIDEST = 1024;
    private static final int NARROWING = 64;
    private static final long LOST_RACE_NANOS =
            TimeUnit.MICROSECONDS.toNanos(100); // more than its system call: it tells that the names are old
    private static final int MAX_REFUSED_REMEMBERED = 1000;
    private static final long MIN_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long AGE_PER_COST = 20;
    private static final long CONTENDED_AGE_PER_COST = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Disk disk;
    private final QueueFolder queue;
    private final Path ready;
    private final NanoClock clock;
    private final SplittableRandom random;
    private final OddNames odd;
    private final Set<String> skipped = new HashSet<>();
    private final Map<String, Long> refused = new HashMap<>(); // and how many claims were won by then
    private long wins;
    private List<String> names = new ArrayList<>(); // the next one last
    private long listedAt;
    private long listingCost;
    private int spread = 1;
    private int ahead; // names passed over, those before the run
    private int lostInARow;

    /** A listing of one queue's ready batches. */
    public ReadyListing(Disk disk, QueueFolder queue, NanoClock clock) {
        this(disk, queue, clock, new SplittableRandom());
    }

    /** The same with chance of the caller's own, so that what happens can be made to happen again. */
    public ReadyListing(Disk disk, QueueFolder queue, NanoClock clock, SplittableRandom random) {
        this.random = random;
        this.disk = disk;
        this.queue = queue;
        this.ready = queue.of(BatchState.READY);
        this.clock = clock;
        this.odd = new OddNames(ready);
    }

    /** The next candidate; null when the folder must be {@linkplain #refresh listed} again. */
    public @Nullable BatchName next() {
        lock.lock();
        try {
            if (names.isEmpty() || clock.nanoTime() - listedAt > usableNanos()) {
                return null;
            }
            if (ahead >= names.size()) {
                ahead = 0; // the run is at its end
            }
            String text = names.remove(names.size() - 1 - ahead);
            return BatchName.parse(text).orElseThrow();
        } finally {
            lock.unlock();
        }
    }

    private long usableNanos() {
        return spread > 1 ? CONTENDED_AGE_PER_COST * listingCost : Math.max(MIN_AGE_NANOS, AGE_PER_COST * listingCost);
    }

    private void beginRun() {
        ahead = spread == 1 || names.isEmpty() ? 0 : random.nextInt(equallyUrgent());
    }

    /** How many of the names among which to choose have the priority of the first. */
    private int equallyUrgent() {
        int last = names.size() - 1;
        int most = Math.min(spread, names.size());
        int count = 1;
        while (count < most
                && names.get(last - count).charAt(0) == names.get(last).charAt(0)) {
            count++;
        }
        return count;
    }

    /**
     * Lists the folder; a queue that is paused counts as empty.
     *
     * @return whether there are candidates
     * @throws io.turboqueue.disk.FolderGoneException if the queue was deleted
     */
    public boolean refresh() throws IOException {
        lock.lock();
        try {
            if (queue.isPaused(disk)) {
                names = new ArrayList<>();
                return false;
            }
            long start = clock.nanoTime();
            PriorityQueue<String> first =
                    new PriorityQueue<>(Comparator.reverseOrder()); // the last of the first on top
            Set<String> stillSkipped = new HashSet<>();
            queue.list(disk, ready, name -> {
                if (skipped.contains(name)) {
                    stillSkipped.add(name);
                } else {
                    offer(first, name);
                }
            });
            skipped.retainAll(stillSkipped);
            names = new ArrayList<>(first);
            names.sort(Collections.reverseOrder());
            listedAt = clock.nanoTime();
            listingCost = listedAt - start;
            lostInARow = 0;
            beginRun();
            return !names.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Cheap comparison before expensive parsing; a flood of odd names must not push out the real ones. */
    private void offer(PriorityQueue<String> first, String name) {
        String last = first.peek();
        if (first.size() == MAX_NAMES && last != null && name.compareTo(last) >= 0) {
            return;
        }
        if (isForeign(name)) {
            return;
        }
        first.add(name);
        if (first.size() > MAX_NAMES) {
            first.remove();
        }
    }

    private boolean isForeign(String name) {
        if (BatchName.parse(name).isPresent()) {
            return false;
        }
        odd.report(name, "which is not a batch's name: ignored");
        return true;
    }

    /** The last candidate was claimed. */
    public void won() {
        lock.lock();
        try {
            wins++;
            lostInARow = 0;
            spread -= spread == 1 ? 0 : 1 + spread / NARROWING;
            if (spread == 1) {
                ahead = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The last candidate was gone. */
    public void lost() {
        lock.lock();
        try {
            spread = Math.min(WIDEST, spread * 2);
            lostInARow++;
            if (lostInARow * LOST_RACE_NANOS > listingCost) {
                names = new ArrayList<>();
            }
            beginRun();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Judges a candidate that could not be renamed. Whatever is not a file is at fault itself, and so is a file that was
     * refused before when claims of others have succeeded since: it is reported once and not offered again while it is there.
     *
     * @return false if the disk may be at fault
     */
    public boolean leave(BatchName name, IOException refusal) throws IOException {
        FileStatus found = disk.status(queue.of(BatchState.READY, name));
        return found == null || leave(name.format(), found, refusal);
    }

    private boolean leave(String name, FileStatus found, IOException refusal) {
        lock.lock();
        try {
            if (refused.size() >= MAX_REFUSED_REMEMBERED) {
                refused.clear();
            }
            Long before = refused.putIfAbsent(name, wins);
            boolean atFault = !found.isFile() || (before != null && wins > before);
            if (atFault) {
                refused.remove(name);
                skipped.add(name);
                odd.report(
                        name,
                        found.kind().words() + " that cannot be claimed and is left alone: " + refusal.getMessage());
            }
            return atFault;
        } finally {
            lock.unlock();
        }
    }

    /** Never offers this batch again in this process: it is not for this release. */
    public void skip(BatchName name) {
        lock.lock();
        try {
            skipped.add(name.format());
        } finally {
            lock.unlock();
        }
    }
}
