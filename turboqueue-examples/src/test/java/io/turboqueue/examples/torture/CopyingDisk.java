package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Claims by copying and deleting, with time in between for others to do the same. */
final class CopyingDisk extends SteppedDisk {

    private static final long BETWEEN_MILLIS = 40;

    CopyingDisk(Disk disk) {
        super(disk);
    }

    @Override
    protected void step(Operation operation, Work work) throws IOException {
        work.run();
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (!to.getFileName().toString().startsWith("claimed~")) {
            return super.rename(from, to);
        }
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException gone) {
            return false;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_MILLIS));
        Files.deleteIfExists(from);
        return true;
    }
}
