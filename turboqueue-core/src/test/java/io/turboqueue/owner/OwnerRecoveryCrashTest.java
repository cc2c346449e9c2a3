package io.turboqueue.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.CrashDisk;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.disk.ProcessDiedException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.BatchName.Contents;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.Transitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recoverers die too, at each step; the next one continues. */
class OwnerRecoveryCrashTest {

    private static final QueueName QUEUE = new QueueName("flights");
    private static final int MAX_ATTEMPTS = 3;

    @TempDir
    Path temp;

    private int spools;

    @Test
    void whereverARecovererDiesTheNextOneFinishesAndNothingIsReturnedTwice() throws Exception {
        for (int n = 1; ; n++) {
            CrashDisk before = CrashDisk.before(new LocalDisk(), n);
            assertTheNextOneFinishes("before operation " + n, before);
            if (!before.isDead()) {
                assertThat(n).as("operations of a recovery").isGreaterThan(8);
                return;
            }
            assertTheNextOneFinishes("after operation " + n, CrashDisk.after(new LocalDisk(), n));
        }
    }

    private void assertTheNextOneFinishes(String when, CrashDisk disk) throws IOException {
        SpoolFolder spool = newSpool();
        leaveOwner(spool);
        try {
            new OwnerRecovery(disk, spool, returns(disk, spool), new EveryOtherIsGone(), System::nanoTime).runOnce();
        } catch (ProcessDiedException crashed) {
            assertThat(disk.isDead()).isTrue();
        }
        DeadOwners.forget(spool.path());

        AtomicLong nanos = new AtomicLong();
        OwnerRecovery next = new OwnerRecovery(
                new LocalDisk(), spool, returns(new LocalDisk(), spool), new EveryOtherIsGone(), nanos::get);
        next.runOnce();

        QueueFolder queue = spool.queue(QUEUE);
        assertThat(names(queue.of(BatchState.READY)))
                .as("ready after a recoverer died %s", when)
                .containsExactly(batch(1, 0).died().format(), batch(2, 1).died().format());
        assertThat(names(queue.of(BatchState.DEAD)))
                .as("dead after a recoverer died %s", when)
                .containsExactly(new DeadName(batch(3, MAX_ATTEMPTS - 1).failed(), DeadName.ATTEMPTS).format());
        assertThat(names(spool.owners()))
                .as("owners after a recoverer died %s", when)
                .containsExactly("format-2");
    }

    /** With three claims, each of them with several messages begun, the last one at its last attempt; and a half-filled batch. */
    private static void leaveOwner(SpoolFolder spool) throws IOException {
        CrashDisk disk = CrashDisk.whenTold(new LocalDisk());
        OwnerDirectory owner = OwnerDirectory.open(disk, spool, ProcFolder.SYSTEM);
        Transitions transitions = new Transitions(disk, owner, (of, delayed) -> {});
        QueueFolder queue = spool.queue(QUEUE);
        queue.ensure(disk, BatchState.READY);
        for (int i = 1; i <= 3; i++) {
            Files.createFile(queue.of(BatchState.READY, batch(i, i - 1)));
            Claim claim = Objects.requireNonNull(transitions.claim(queue, batch(i, i - 1)));
            assertThat(transitions.checkpoint(claim, 0)).isNotNull();
        }
        disk.create(owner.loading(QUEUE, "half-filled"));
        disk.die();
        DeadOwners.forget(spool.path());
    }

    private static BatchName batch(int id, int attempt) {
        return new BatchName(
                5, 0, "batch-" + id, new Contents(1, 8192, 0), new BatchName.History(attempt, attempt, 0, 0, false));
    }

    private SpoolFolder newSpool() throws IOException {
        SpoolFolder spool = SpoolFolder.openOrCreate(new LocalDisk(), temp.resolve("spool" + spools++));
        spool.ensureOwners(new LocalDisk());
        return spool;
    }

    private static ClaimRequeue returns(Disk disk, SpoolFolder spool) {
        return new ClaimRequeue(disk, spool, queue -> MAX_ATTEMPTS);
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
