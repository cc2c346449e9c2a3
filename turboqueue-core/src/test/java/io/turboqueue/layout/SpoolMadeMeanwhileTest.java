package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.SteppedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes start with a spool that none of them has made yet. */
class SpoolMadeMeanwhileTest {

    @TempDir
    Path temp;

    @Test
    void aSpoolIsOneEvenIfAnotherProcessMadeItAndItsFirstQueueJustNow() throws Exception {
        Disk disk = new BusyNeighbour(temp);
        SpoolFolder spool = SpoolFolder.openOrCreate(disk, temp);

        assertThatCode(() -> spool.ensureOwners(disk)).doesNotThrowAnyException();
    }

    /** Another process makes the spool between any look and the listing after it. */
    private static final class BusyNeighbour extends SteppedDisk {
        private final Path spool;

        BusyNeighbour(Path spool) {
            super(new LocalDisk());
            this.spool = spool;
        }

        @Override
        protected void step(Step step, Path path, Work work) throws IOException {
            if (step == Step.LIST) {
                Files.createDirectories(spool.resolve(SpoolFolder.OWNERS));
                Files.createDirectories(spool.resolve("flights"));
            }
            work.run();
        }
    }
}
