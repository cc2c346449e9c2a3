package io.turboqueue.protocol;

import io.turboqueue.disk.Volume;
import io.turboqueue.time.NanoClock;
import java.util.concurrent.TimeUnit;

/**
 * Whether there is still room on a spool's disk to keep what could be deleted. Thread-safe.
 *
 * <p>Room is scarce below a twentieth of the disk or 256 MiB, whichever is less, and for a while after something could not be
 * created: of inodes that are used up nothing else tells. Looked at ten times per second at most.
 */
public final class DiskSpace {

    private static final long SHARE = 20;
    private static final long ENOUGH_BYTES = 256L << 20;
    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Volume volume;
    private final NanoClock clock;
    private volatile boolean scarce;
    private volatile long nextLook;

    /** The room on that disk. */
    public DiskSpace(Volume volume, NanoClock clock) {
        this.volume = volume;
        this.clock = clock;
        this.nextLook = clock.nanoTime();
    }

    /** Whether what can be deleted had better be. */
    public boolean isScarce() {
        long now = clock.nanoTime();
        if (now - nextLook >= 0) {
            nextLook = now + BETWEEN_LOOKS_NANOS;
            scarce = volume.usableBytes() < Math.min(volume.totalBytes() / SHARE, ENOUGH_BYTES);
        }
        return scarce;
    }

    /** Something could not be created. */
    void ranOut() {
        scarce = true;
        nextLook = clock.nanoTime() + REMEMBERED_NANOS;
    }
}
