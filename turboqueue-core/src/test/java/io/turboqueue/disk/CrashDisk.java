package io.turboqueue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A disk under which the process dies right before or right after its n-th operation: this one and every later one throws
 * {@link ProcessDiedException}, and what it had open is closed, locks included, as the kernel does it.
 *
 * <p>Counted are the operations of the thread that made the disk, so that n means the same in every run.
 */
public final class CrashDisk extends SteppedDisk {

    private final Thread counted = Thread.currentThread();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final int fatal;
    private final boolean after;
    private final List<Step> steps = new ArrayList<>();
    private volatile boolean dead;

    private CrashDisk(Disk disk, int fatal, boolean after) {
        super(disk);
        this.fatal = fatal;
        this.after = after;
    }

    /** Dies instead of doing the n-th operation, counted from 1. */
    public static CrashDisk before(Disk disk, int n) {
        return new CrashDisk(disk, n, false);
    }

    /** Dies when the n-th operation, counted from 1, is done. */
    public static CrashDisk after(Disk disk, int n) {
        return new CrashDisk(disk, n, true);
    }

    /** Dies when told to. */
    public static CrashDisk whenTold(Disk disk) {
        return new CrashDisk(disk, Integer.MAX_VALUE, false);
    }

    @Override
    protected void step(Step step, Path path, Work work) throws IOException {
        boolean isCounted = Thread.currentThread() == counted;
        if (dead && isCounted) {
            throw new ProcessDiedException();
        } else if (dead) {
            throw new IOException("this process is dead"); // its other threads need not make a noise
        }
        boolean isFatal = false;
        if (isCounted) {
            steps.add(step);
            isFatal = steps.size() == fatal;
        }
        if (isFatal && !after) {
            die();
            throw new ProcessDiedException();
        }
        work.run();
        if (isFatal) {
            die();
            throw new ProcessDiedException();
        }
    }

    /** Ends the process, if it is alive. */
    public void die() {
        dead = true;
        for (Closeable held : open) {
            try {
                held.close();
            } catch (IOException impossible) {
                throw new AssertionError("closing what a dead process had open", impossible);
            }
        }
        open.clear();
    }

    public boolean isDead() {
        return dead;
    }

    /** The operations so far; the fatal one is the last. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    @Override
    protected void opened(Closeable held) {
        open.add(held);
    }

    @Override
    protected void closed(Closeable held) {
        open.remove(held);
    }
}
