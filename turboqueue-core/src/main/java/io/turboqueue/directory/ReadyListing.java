package io.turboqueue.directory;

import io.turboqueue.config.Printable;
import io.turboqueue.io.Disk;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(ReadyListing.class);
    private static final int MOST_NAMES = 8192;
    private static final int WIDEST = 1024;
    private static final int NARROWING = 64;
    private static final long LOST_RACE_NANOS =
            TimeUnit.MICROSECONDS.toNanos(100); // more than its system call: it tells that the names are old
    private static final int MOST_FOREIGN_REMEMBERED = 1000;
    private static final long LEAST_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long AGE_PER_COST = 20;
    private static final long CONTENDED_AGE_PER_COST = 4;

    private final Disk disk;
    private final QueueFolder queue;
    private final Path ready;
    private final NanoClock clock;
    private final SplittableRandom random;
    private final Set<String> foreign = new HashSet<>();
    private final Set<String> skipped = new HashSet<>();
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
        this.ready = queue.of(State.READY);
        this.clock = clock;
    }

    /** The next candidate; null when the folder must be {@linkplain #refresh listed} again. */
    public synchronized @Nullable BatchName next() {
        if (names.isEmpty() || clock.nanoTime() - listedAt > usableNanos()) {
            return null;
        }
        if (ahead >= names.size()) {
            ahead = 0; // the run is at its end
        }
        String text = names.remove(names.size() - 1 - ahead);
        return BatchName.parse(text).orElseThrow();
    }

    private long usableNanos() {
        return spread > 1
                ? CONTENDED_AGE_PER_COST * listingCost
                : Math.max(LEAST_AGE_NANOS, AGE_PER_COST * listingCost);
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
     * @throws io.turboqueue.io.FolderGoneException if the queue was deleted
     */
    public synchronized boolean refresh() throws IOException {
        if (queue.isPaused(disk)) {
            names = new ArrayList<>();
            return false;
        }
        long start = clock.nanoTime();
        PriorityQueue<String> first = new PriorityQueue<>(Comparator.reverseOrder()); // the last of the first on top
        Set<String> stillSkipped = new HashSet<>();
        disk.list(ready, name -> {
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
    }

    /** Cheap comparison before dear parsing; a flood of odd names must not push out the real ones. */
    private void offer(PriorityQueue<String> first, String name) {
        String last = first.peek();
        if (first.size() == MOST_NAMES && last != null && name.compareTo(last) >= 0) {
            return;
        }
        if (isForeign(name)) {
            return;
        }
        first.add(name);
        if (first.size() > MOST_NAMES) {
            first.remove();
        }
    }

    private boolean isForeign(String name) {
        if (BatchName.parse(name).isPresent()) {
            return false;
        }
        if (foreign.size() < MOST_FOREIGN_REMEMBERED && foreign.add(name)) {
            LOG.warn("{} holds \"{}\", which is no batch's name: ignored", ready, Printable.of(name));
        }
        return true;
    }

    /** The last candidate was claimed. */
    public synchronized void won() {
        lostInARow = 0;
        spread -= spread == 1 ? 0 : 1 + spread / NARROWING;
        if (spread == 1) {
            ahead = 0;
        }
    }

    /** The last candidate was gone. */
    public synchronized void lost() {
        spread = Math.min(WIDEST, spread * 2);
        lostInARow++;
        if (lostInARow * LOST_RACE_NANOS > listingCost) {
            names = new ArrayList<>();
        }
        beginRun();
    }

    /** Never offers this batch again in this process: it is not for this release. */
    public synchronized void skip(BatchName name) {
        skipped.add(name.format());
    }
}
