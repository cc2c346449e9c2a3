package io.turboqueue.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.OwnerDirectory;
import io.turboqueue.owner.ProcFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two claimers, each in an owner directory of its own, want the same file at the same moment. */
class ClaimRaceTest {

    private static final int ROUNDS = 10_000;

    @TempDir
    Path temp;

    @Test
    void exactlyOneOfTwoClaimersWinsInTenThousandRounds() throws Exception {
        Disk disk = new LocalDisk();
        SpoolFolder spool = SpoolFolder.openOrCreate(disk, temp.resolve("spool"));
        spool.ensureOwners(disk);
        QueueFolder queue = spool.queue(new QueueName("race"));
        BatchName batch = new BatchName(5, 0, "wanted", null);
        queue.ensure(disk, BatchState.READY);
        Files.createFile(queue.of(BatchState.READY, batch));
        CyclicBarrier start = new CyclicBarrier(2);

        int wins;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (OwnerDirectory one = OwnerDirectory.open(disk, spool, ProcFolder.SYSTEM);
                OwnerDirectory other = OwnerDirectory.open(disk, spool, ProcFolder.SYSTEM)) {
            List<Future<Integer>> results = threads.invokeAll(List.of(
                    claimer(new Transitions(disk, one, (of, delayed) -> {}), queue, batch, start),
                    claimer(new Transitions(disk, other, (of, delayed) -> {}), queue, batch, start)));
            wins = results.get(0).get() + results.get(1).get();
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(wins).isEqualTo(ROUNDS);
        assertThat(Files.exists(queue.of(BatchState.READY, batch))).isTrue();
    }

    /** Gives back what it won once both have tried. */
    private static Callable<Integer> claimer(
            Transitions transitions, QueueFolder queue, BatchName batch, CyclicBarrier barrier) {
        return () -> {
            int wins = 0;
            for (int round = 0; round < ROUNDS; round++) {
                barrier.await(20, TimeUnit.SECONDS);
                Claim claim = transitions.claim(queue, batch);
                barrier.await(20, TimeUnit.SECONDS);
                if (claim != null) {
                    wins++;
                    assertThat(transitions.unclaim(claim))
                            .as("the winner has it")
                            .isTrue();
                }
            }
            return wins;
        };
    }
}
