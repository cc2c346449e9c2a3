package io.turboqueue.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.CrashDisk;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.ProcessDiedException;
import io.turboqueue.disk.SteppedDisk.Step;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of a trial, nothing of it is left in the spool. */
class DiskTrialTest {

    @TempDir
    Path temp;

    private int spools;

    private SpoolFolder newSpool() throws IOException {
        SpoolFolder spool = SpoolFolder.openOrCreate(new LocalDisk(), temp.resolve("spool" + spools++));
        spool.ensureOwners(new LocalDisk());
        return spool;
    }

    private static List<String> owners(SpoolFolder spool) throws IOException {
        List<String> names = new ArrayList<>();
        new LocalDisk().list(spool.owners(), names::add);
        names.removeIf(name -> name.startsWith("format-"));
        return names;
    }

    @Test
    void aTrialThatSucceedsDoesAllStepsAndLeavesNothing() throws IOException {
        SpoolFolder spool = newSpool();
        CrashDisk disk = CrashDisk.whenTold(new LocalDisk());

        new DiskTrial(disk, spool).run();

        assertThat(disk.steps()).contains(Step.CREATE, Step.WRITE, Step.SYNC, Step.RENAME, Step.UNLINK);
        assertThat(owners(spool)).isEmpty();
    }

    @Test
    void whereverItIsKilledTheNextProcessRemovesWhatIsLeft() throws IOException {
        for (int n = 1; ; n++) {
            SpoolFolder spool = newSpool();
            CrashDisk disk = CrashDisk.after(new LocalDisk(), n);
            try {
                new DiskTrial(disk, spool).run();
            } catch (ProcessDiedException crashed) {
                assertThat(disk.isDead()).isTrue();
            }
            if (!disk.isDead()) {
                assertThat(n).as("steps of a trial").isGreaterThan(8);
                return;
            }
            DeadOwners.forget(spool.path());
            recover(spool);
            assertThat(owners(spool)).as("after a death at step %s", n).isEmpty();
        }
    }

    private static void recover(SpoolFolder spool) throws IOException {
        Disk disk = new LocalDisk();
        ClaimRequeue returns = new ClaimRequeue(disk, spool, queue -> 1);
        new OwnerRecovery(disk, spool, returns, new EveryOtherIsGone(), System::nanoTime).runOnce();
    }
}
