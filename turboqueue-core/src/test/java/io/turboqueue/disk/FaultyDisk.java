package io.turboqueue.disk;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose n-th operation fails: only that one, or that one and every later one until the disk is {@linkplain #heal
 * healed}. Faults are by turns a broken disk and a full one.
 *
 * <p>Counted are the operations of the thread that made the disk, so that n means the same in every run.
 */
public final class FaultyDisk extends SteppedDisk {

    private final Thread counted = Thread.currentThread();
    private final int first;
    private final boolean forEver;
    private int steps;
    private volatile boolean failing;
    private volatile @Nullable String fault;

    private FaultyDisk(Disk disk, int first, boolean forEver) {
        super(disk);
        this.first = first;
        this.forEver = forEver;
    }

    /** Only the n-th operation fails, counted from 1. */
    public static FaultyDisk once(Disk disk, int n) {
        return new FaultyDisk(disk, n, false);
    }

    /** The n-th operation fails, counted from 1, and all that follow. */
    public static FaultyDisk from(Disk disk, int n) {
        return new FaultyDisk(disk, n, true);
    }

    @Override
    protected void step(Step step, Path path, Work work) throws IOException {
        boolean now = Thread.currentThread() == counted && ++steps == first;
        if (now) {
            fault = step + " of " + path.getFileName();
            failing = forEver;
        }
        if (now || failing) {
            throw first % 2 == 0
                    ? new IOException("injected: Input/output error")
                    : new FileSystemException(path.toString(), null, "injected: No space left on device");
        }
        work.run();
    }

    /** Nothing fails any more. */
    public void heal() {
        failing = false;
    }

    /** Whether it fails until it is healed. */
    public boolean forEver() {
        return forEver;
    }

    /** What failed first; null if the disk never did that many operations. */
    public @Nullable String fault() {
        return fault;
    }
}
