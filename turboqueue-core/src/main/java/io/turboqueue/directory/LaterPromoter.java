package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Moves batches whose time has come from {@code later/} to {@code ready/}. Thread-safe.
 *
 * <p>Any process may do it, all may do it at once: each move is one rename. The folder is listed when its modification
 * time shows a change, when the earliest batch is due, and otherwise now and then.
 */
public final class LaterPromoter {

    private static final int MOST_AT_ONCE = 4096;
    private static final long ANYWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Pauses between listings, in times of what a listing costs: with very many batches it costs a lot. */
    private static final long COSTS_WHEN_DUE = 4;

    private static final long COSTS_WHEN_CHANGED = 20;

    private final Disk disk;
    private final QueueFolder queue;
    private final Path later;
    private final InstantSource clock;
    private final NanoClock nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable FileTime changed;
    private volatile long earliestDue; // long past until the first look
    private long nextWhenDue;
    private long nextWhenChanged;
    private long nextAnyway;

    /** A promoter of one queue's batches. */
    public LaterPromoter(Disk disk, QueueFolder queue, InstantSource clock, NanoClock nanos) {
        this.disk = disk;
        this.queue = queue;
        this.later = queue.of(State.LATER);
        this.clock = clock;
        this.nanos = nanos;
        this.nextWhenDue = nanos.nanoTime();
        this.nextWhenChanged = nextWhenDue;
        this.nextAnyway = nextWhenDue;
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
        long due = earliestDue;
        return due == Long.MAX_VALUE ? due : Math.max(0, due - clock.millis());
    }

    private void promoteIfWorthLooking() throws IOException {
        BasicFileAttributes folder = disk.exists(later) ? disk.look(later) : null;
        if (folder == null) {
            earliestDue = Long.MAX_VALUE;
            changed = null;
            return;
        }
        long now = nanos.nanoTime();
        boolean changedSince = !folder.lastModifiedTime().equals(changed);
        boolean isDue = clock.millis() >= earliestDue;
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

    private void promote() throws IOException {
        long now = clock.millis();
        List<BatchName> due = new ArrayList<>();
        long[] earliest = {Long.MAX_VALUE};
        try {
            disk.list(later, text -> BatchName.parse(text).ifPresent(name -> {
                if (name.dueMillis() <= now && due.size() < MOST_AT_ONCE) {
                    due.add(name);
                } else {
                    earliest[0] = Math.min(earliest[0], name.dueMillis());
                }
            }));
        } catch (FolderGoneException deletedMeanwhile) {
            earliestDue = Long.MAX_VALUE;
            return;
        }
        for (BatchName name : due) {
            Path ready = queue.ensure(disk, State.READY);
            disk.rename(queue.of(State.LATER, name), ready.resolve(name.format()));
        }
        earliestDue = earliest[0];
    }
}
