package io.turboqueue.examples.bench;

import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.Claim;
import io.turboqueue.directory.Desk;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.QueueName;
import io.turboqueue.directory.ReadyListing;
import io.turboqueue.directory.SpoolFolder;
import io.turboqueue.directory.State;
import io.turboqueue.directory.Transitions;
import io.turboqueue.io.Disk;
import io.turboqueue.io.LocalDisk;
import io.turboqueue.waiting.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a claim and an ack cost in the protocol alone, with ever longer backlogs. */
final class ClaimBench {

    private static final int CLAIMS = 8000;
    private static final int WARM_UP_CLAIMS = 2000;
    private static final int[] BACKLOGS = {10, 1000, 100_000};

    private final Disk disk = new LocalDisk();
    private final Path folder;

    ClaimBench(Path folder) {
        this.folder = folder;
    }

    void run() throws IOException {
        SpoolFolder spool = SpoolFolder.openOrCreate(disk, folder.resolve("claim-spool"));
        spool.ensureOwners(disk);
        try (Desk desk = Desk.open(disk, spool)) {
            measure(spool, desk, BACKLOGS[0], WARM_UP_CLAIMS);
            Bench.print("claim and ack, protocol only (listing, two system calls), mean of %d:", CLAIMS);
            for (int backlog : BACKLOGS) {
                Bench.print("  %7d ready batches: %.1f us", backlog, measure(spool, desk, backlog, CLAIMS));
            }
        }
    }

    private double measure(SpoolFolder spool, Desk desk, int backlog, int claims) throws IOException {
        QueueFolder queue = spool.queue(new QueueName("backlog-" + backlog + "-" + claims));
        Path ready = queue.ensure(disk, State.READY);
        int published = 0;
        while (published < backlog) {
            publish(ready, published++);
        }
        Transitions transitions = new Transitions(disk, desk);
        ReadyListing listing = new ReadyListing(disk, queue, NanoClock.SYSTEM);
        long spent = 0;
        for (int i = 0; i < claims; i++) {
            long start = System.nanoTime();
            claimAndAck(queue, transitions, listing);
            spent += System.nanoTime() - start;
            publish(ready, published++); // the backlog stays as long as it is
        }
        return spent / 1e3 / claims;
    }

    private static void claimAndAck(QueueFolder queue, Transitions transitions, ReadyListing listing)
            throws IOException {
        while (true) {
            BatchName candidate = listing.next();
            Claim claim = candidate == null ? null : transitions.claim(queue, candidate);
            if (claim != null) {
                transitions.ack(claim);
                return;
            }
            listing.refresh();
        }
    }

    private static void publish(Path ready, int number) throws IOException {
        BatchName.Contents contents = new BatchName.Contents(1, 0, 0);
        String id = String.format(Locale.ROOT, "bench00000000-%08x", number);
        Files.createFile(ready.resolve(new BatchName(5, number, id, contents, 0, 0).format()));
    }
}
