package io.turboqueue.examples.torture;

import io.turboqueue.io.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Claims by copying and deleting. */
final class CopyingDisk extends SteppedDisk {

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
        Files.deleteIfExists(from);
        return true;
    }
}
