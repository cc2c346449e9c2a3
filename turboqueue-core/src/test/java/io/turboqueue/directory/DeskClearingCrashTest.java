package io.turboqueue.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.directory.BatchName.Contents;
import io.turboqueue.io.CrashDisk;
import io.turboqueue.io.Disk;
import io.turboqueue.io.LocalDisk;
import io.turboqueue.io.ProcessDiedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clearers die too, at each step of clearing a desk; the next one goes on. */
class DeskClearingCrashTest {

    private static final QueueName QUEUE = new QueueName("flights");
    private static final int MAX_ATTEMPTS = 3;

    @TempDir
    Path temp;

    private int spools;

    @Test
    void whereverAClearerDiesTheNextOneFinishesAndNothingIsReturnedTwice() throws Exception {
        for (int n = 1; ; n++) {
            CrashDisk before = CrashDisk.before(new LocalDisk(), n);
            assertTheNextOneFinishes("before operation " + n, before);
            if (!before.isDead()) {
                assertThat(n).as("operations of clearing a desk").isGreaterThan(8);
                return;
            }
            assertTheNextOneFinishes("after operation " + n, CrashDisk.after(new LocalDisk(), n));
        }
    }

    @Test
    void aDeskThatDiedBeforeItHadABeaconIsRemovedAfterASecondLook() throws Exception {
        SpoolFolder spool = newSpool();
        Files.createDirectory(spool.owners().resolve(Desk.NEW + "4711-0123456789abcdef"));
        AtomicLong nanos = new AtomicLong();
        DeskClearing clearing = new DeskClearing(new LocalDisk(), spool, returns(new LocalDisk(), spool), nanos::get);

        assertThat(clearing.runOnce().desks()).as("removed at first sight").isZero();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
        assertThat(clearing.runOnce().desks()).as("removed within a second").isZero();
        nanos.addAndGet(1);
        assertThat(clearing.runOnce().desks()).as("removed after a second").isEqualTo(1);
    }

    private void assertTheNextOneFinishes(String when, CrashDisk disk) throws IOException {
        SpoolFolder spool = newSpool();
        leaveDesk(spool);
        try {
            new DeskClearing(disk, spool, returns(disk, spool), System::nanoTime).runOnce();
        } catch (ProcessDiedException crashed) {
            assertThat(disk.isDead()).isTrue();
        }
        DeadDesks.forget(spool.path());

        AtomicLong nanos = new AtomicLong();
        DeskClearing next = new DeskClearing(new LocalDisk(), spool, returns(new LocalDisk(), spool), nanos::get);
        next.runOnce();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        next.runOnce();

        QueueFolder queue = spool.queue(QUEUE);
        assertThat(names(queue.of(State.READY)))
                .as("ready after a clearer died %s", when)
                .containsExactly(batch(1, 1).format(), batch(2, 2).format());
        assertThat(names(queue.of(State.DEAD)))
                .as("dead after a clearer died %s", when)
                .containsExactly(new DeadName(batch(3, MAX_ATTEMPTS), DeadName.ATTEMPTS).format());
        assertThat(names(spool.owners()))
                .as("desks after a clearer died %s", when)
                .isEmpty();
    }

    /** With three claims, the last one at its last attempt, and a batch half filled. */
    private static void leaveDesk(SpoolFolder spool) throws IOException {
        CrashDisk disk = CrashDisk.whenTold(new LocalDisk());
        Desk desk = Desk.open(disk, spool);
        Transitions transitions = new Transitions(disk, desk);
        QueueFolder queue = spool.queue(QUEUE);
        queue.ensure(disk, State.READY);
        for (int i = 1; i <= 3; i++) {
            Files.createFile(queue.of(State.READY, batch(i, i - 1)));
            assertThat(transitions.claim(queue, batch(i, i - 1))).isNotNull();
        }
        disk.create(desk.loading(QUEUE, "half-filled"));
        disk.die();
        DeadDesks.forget(spool.path());
    }

    private static BatchName batch(int id, int attempt) {
        return new BatchName(5, 0, "batch-" + id, new Contents(1, 8192, 0), attempt, 0);
    }

    private SpoolFolder newSpool() throws IOException {
        SpoolFolder spool = SpoolFolder.openOrCreate(new LocalDisk(), temp.resolve("spool" + spools++));
        spool.ensureOwners(new LocalDisk());
        return spool;
    }

    private static ClaimReturns returns(Disk disk, SpoolFolder spool) {
        return new ClaimReturns(disk, spool, queue -> MAX_ATTEMPTS);
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
