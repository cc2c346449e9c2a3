package io.turboqueue.protocol;

import io.turboqueue.disk.BatchRename;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.OddFolderException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.OddNames;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Moves batches whose time has come from {@code delayed/} to {@code ready/}. Thread-safe.
 *
 * <p>Any process may do it, all may do it at once: each move is one rename. The folder is listed when its modification
 * time shows a change, when the earliest batch is due, and otherwise now and then.
 *
 * <p>The due time in a name is wall-clock time, and that clock may be set. So the process that put a batch into {@code delayed/},
 * and each one that saw it there, remembers how long it still has to wait and measures that by a clock that nobody sets. A
 * batch is moved as soon as either clock says so: a wall clock that is set back does not lengthen a delay, one that is set
 * forward may end it early. The lengths of the first {@value #MAX_REMEMBERED} batches are remembered; the others go by the
 * wall clock alone. File times say nothing of a delay.
 */
public final class DelayedPromoter {

    private static final int MAX_AT_ONCE = 4096;
    private static final int MAX_REMEMBERED = 65_536;
    private static final long ANYWAY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_DELAY_MILLIS = TimeUnit.DAYS.toMillis(36_500);

    /** How long a batch is left to those who list the folder anyway, before it is moved because it is remembered. */
    private static final long OVERDUE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Pauses between listings, in times of what a listing costs: with very many batches it costs a lot. */
    private static final long COSTS_WHEN_DUE = 4;

    private static final long COSTS_WHEN_CHANGED = 20;

    private final Disk disk;
    private final QueueFolder queue;
    private final Path delayed;
    private final InstantSource clock;
    private final NanoClock nanos;
    private final OddNames odd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<BatchName, Long> waitsUntil = new ConcurrentHashMap<>(); // by the clock that nobody sets
    private @Nullable FileTime changed;
    private volatile Earliest earliest;
    private long nextWhenDue;
    private long nextWhenChanged;
    private long nextAnyway;

    /**
     * When the earliest batch known is due, by either clock. They may be of two batches.
     *
     * @param any false if none is known
     */
    private record Earliest(boolean any, long dueMillis, long untilNanos) {
        static Earliest none(long now) {
            return new Earliest(false, Long.MAX_VALUE, now);
        }

        Earliest or(long due, long until) {
            boolean sooner = !any || until - untilNanos < 0;
            return new Earliest(true, Math.min(dueMillis, due), sooner ? until : untilNanos);
        }

        boolean isDue(long wall, long now) {
            return any && (wall >= dueMillis || now - untilNanos >= 0);
        }

        long millisLeft(long wall, long now) {
            if (!any) {
                return Long.MAX_VALUE;
            }
            long left = Math.min(dueMillis - wall, roundUpToMillis(untilNanos - now));
            return Math.max(0, left);
        }

        private static long roundUpToMillis(long nanos) {
            return TimeUnit.NANOSECONDS.toMillis(nanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
        }
    }

    /** A promoter of one queue's batches. */
    public DelayedPromoter(Disk disk, QueueFolder queue, InstantSource clock, NanoClock nanos) {
        this.disk = disk;
        this.queue = queue;
        this.delayed = queue.of(BatchState.DELAYED);
        this.odd = new OddNames(delayed);
        this.clock = clock;
        this.nanos = nanos;
        this.nextWhenDue = nanos.nanoTime();
        this.nextWhenChanged = nextWhenDue;
        this.nextAnyway = nextWhenDue;
        this.earliest = new Earliest(true, 0, nextWhenDue); // long past until the first look
    }

    /** Remembers from now on how long a batch has to wait that this process has just put into {@code delayed/}. */
    public void remember(BatchName name) {
        remember(name, clock.millis(), nanos.nanoTime());
    }

    private long remember(BatchName name, long wall, long now) {
        Long known = waitsUntil.get(name);
        if (known != null) {
            return known;
        }
        long delay = Math.max(0, Math.min(MAX_DELAY_MILLIS, name.dueMillis() - wall));
        long until = now + TimeUnit.MILLISECONDS.toNanos(delay);
        if (waitsUntil.size() < MAX_REMEMBERED) {
            waitsUntil.putIfAbsent(name, until);
        }
        return until;
    }

    /** Whether the wait of any batch is remembered. */
    public boolean remembers() {
        return !waitsUntil.isEmpty();
    }

    /**
     * Promotes what is due. If another thread is at it, this does nothing.
     *
     * @return milliseconds until the earliest batch known is due, at least 0; {@link Long#MAX_VALUE} if none is
     */
    public long runOnce() throws IOException {
        if (lock.tryLock()) {
            try {
                promoteIfWorthLooking();
            } finally {
                lock.unlock();
            }
        }
        return earliest.millisLeft(clock.millis(), nanos.nanoTime());
    }

    private void promoteIfWorthLooking() throws IOException {
        BasicFileAttributes folder = disk.exists(delayed) ? disk.look(delayed) : null;
        long now = nanos.nanoTime();
        if (folder == null) {
            forgetAll(now);
            return;
        }
        boolean changedSince = !folder.lastModifiedTime().equals(changed);
        boolean isDue = earliest.isDue(clock.millis(), now);
        if (now - (isDue ? nextWhenDue : changedSince ? nextWhenChanged : nextAnyway) < 0) {
            return;
        }
        changed = folder.lastModifiedTime();
        promote();
        long end = nanos.nanoTime();
        long cost = end - now;
        nextWhenDue = end + COSTS_WHEN_DUE * cost;
        nextWhenChanged = end + COSTS_WHEN_CHANGED * cost;
        nextAnyway = Math.max(nextWhenChanged, end + ANYWAY_NANOS);
    }

    private void forgetAll(long now) {
        earliest = Earliest.none(now);
        changed = null;
        waitsUntil.clear();
    }

    private void promote() throws IOException {
        Listing listing = new Listing();
        try {
            queue.list(disk, delayed, text -> BatchName.parse(text).ifPresent(listing::add));
        } catch (FolderGoneException deletedMeanwhile) {
            forgetAll(nanos.nanoTime());
            return;
        }
        waitsUntil.keySet().removeAll(listing.gone);
        odd.retain(listing.reported());
        for (BatchName name : listing.inOrder()) {
            promoteOrReport(name);
        }
        earliest = listing.earliest;
    }

    /** One that cannot be moved keeps none of the others from it; it is tried again at each listing, after the others. */
    private void promoteOrReport(BatchName name) throws IOException {
        try {
            promote(name);
        } catch (FolderGoneException | OddFolderException folder) {
            throw folder;
        } catch (IOException failed) {
            odd.report(name.format(), "which is due and cannot be moved to ready/: " + failed);
        }
    }

    private void promote(BatchName name) throws IOException {
        Path ready = queue.ensure(disk, BatchState.READY);
        BatchRename.move(disk, queue.of(BatchState.DELAYED, name), ready.resolve(name.format()));
        waitsUntil.remove(name);
    }

    /** What one listing finds, judged by one moment of both clocks. */
    private final class Listing {
        final Set<BatchName> gone = new HashSet<>(waitsUntil.keySet()); // those put there meanwhile are not among them
        final List<BatchName> due = new ArrayList<>();
        private final List<BatchName> refused = new ArrayList<>(); // could not be moved before
        private final long wall = clock.millis();
        private final long now = nanos.nanoTime();
        Earliest earliest = Earliest.none(now);

        void add(BatchName name) {
            gone.remove(name);
            long until = remember(name, wall, now);
            boolean isDue = name.dueMillis() <= wall || until - now <= 0;
            if (isDue && odd.contains(name.format())) {
                refused.add(name);
            } else if (isDue && due.size() < MAX_AT_ONCE) {
                due.add(name);
            } else {
                earliest = earliest.or(name.dueMillis(), until);
            }
        }

        Set<String> reported() {
            return refused.stream().map(BatchName::format).collect(Collectors.toSet());
        }

        List<BatchName> inOrder() {
            due.addAll(refused);
            return due;
        }
    }

    /**
     * Promotes what is remembered and was due a while ago by the clock that nobody sets, without listing the folder: for
     * processes that do not poll, or not just now.
     */
    public void promoteOverdue() throws IOException {
        long now = nanos.nanoTime();
        List<BatchName> overdue = new ArrayList<>();
        waitsUntil.forEach((name, until) -> {
            if (now - until >= OVERDUE_NANOS) {
                overdue.add(name);
            }
        });
        for (BatchName name : overdue) {
            waitsUntil.remove(name); // one that cannot be moved is tried again by those who list the folder
            if (disk.look(queue.of(BatchState.DELAYED, name)) != null) {
                promoteOrReport(name);
            }
        }
    }
}
