package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Ledger.Delivery;
import io.turboqueue.SpoolFiles.Due;
import io.turboqueue.disk.CrashDisk;
import io.turboqueue.disk.ForgetfulDisk;
import io.turboqueue.disk.ProcessDiedException;
import io.turboqueue.disk.SteppedDisk.Step;
import io.turboqueue.waiting.DirectorySignal;
import io.turboqueue.waiting.DirectoryWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process dies at each step of all that can be done with a queue; another one continues from there. */
class CrashAtEveryStepTest {

    @TempDir
    Path temp;

    private DirectorySignal watch;
    private int crashes;

    /** As long as something is watched, the processes played need not start a watch each. */
    @BeforeEach
    void keepWatch() {
        watch = DirectoryWatcher.shared().signal(temp);
    }

    @AfterEach
    void endWatch() {
        watch.close();
    }

    /**
     * Where an operation does not change names, a crash right before and right after it find the same disk. Only a batch
     * file is also written to between its creation and the next operation.
     */
    @ParameterizedTest
    @EnumSource
    void whereverAProcessDiesTheNextOneFindsWhatItShould(Durability durability) throws Exception {
        CrashDisk whole = CrashDisk.whenTold(ForgetfulDisk.withoutSyncs());
        crash("at the end", whole, durability);
        List<Step> steps = whole.steps();
        assertThat(steps).as("operations of the workload").hasSizeGreaterThan(150);

        crash("before operation 1", CrashDisk.before(ForgetfulDisk.withoutSyncs(), 1), durability);
        for (int n = 1; n <= steps.size(); n++) {
            Step step = steps.get(n - 1);
            if (step.changesNames()) {
                crash(
                        "after operation " + n + ", " + step,
                        CrashDisk.after(ForgetfulDisk.withoutSyncs(), n),
                        durability);
            }
            if (step == Step.CREATE) {
                crash(
                        "after operation " + n + " and a write",
                        CrashDisk.before(ForgetfulDisk.withoutSyncs(), n + 1),
                        durability);
            }
        }
    }

    private void crash(String when, CrashDisk disk, Durability durability) throws Exception {
        Path folder = temp.resolve("spool" + crashes++);
        Ledger ledger = new Ledger();
        Workload workload = new Workload(folder, disk, ledger, durability, Workload.Patience.NONE);
        try {
            workload.runAll();
            workload.close();
        } catch (ProcessDiedException crashed) {
            assertThat(disk.isDead()).isTrue();
        } finally {
            workload.deadLetter();
        }
        assertTheNextProcessFindsEverything(when, folder, ledger);
    }

    private static void assertTheNextProcessFindsEverything(String when, Path folder, Ledger ledger)
            throws IOException, InterruptedException {
        List<Due> due = SpoolFiles.due(folder);
        List<Delivery> deliveries;
        try (NextProcess next = new NextProcess(folder, Workload.QUEUE)) {
            next.clearOwners().redrive();
            deliveries = next.consumeAll();
        }
        ledger.deliveredInTheEnd(deliveries);
        assertThat(ledger.violations())
                .as("promises broken by a crash %s", when)
                .isEmpty();
        assertThat(deliveries)
                .as("deliveries after a crash %s", when)
                .extracting(delivery -> new Due(
                        delivery.id(), delivery.attempt(), delivery.payloads().size()))
                .containsExactlyInAnyOrderElementsOf(due);
        assertThat(SpoolFiles.leftovers(folder))
                .as("left after a crash %s", when)
                .isEmpty();
    }
}
