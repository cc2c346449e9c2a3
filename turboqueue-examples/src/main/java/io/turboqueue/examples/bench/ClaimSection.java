package io.turboqueue.examples.bench;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.OwnerDirectory;
import io.turboqueue.owner.ProcFolder;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.ReadyListing;
import io.turboqueue.protocol.Transitions;
import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a claim and an ack cost in the protocol alone, with ever longer backlogs, the backlogs in turn. */
final class ClaimSection implements Section {

    private static final String GROUP = "claim and ack, protocol only (listing, two system calls)";
    private static final double TARGET = 1.5;

    private final Disk disk = new LocalDisk();
    private final Path folder;
    private final Plan plan;

    /** A queue that always has as many ready batches. */
    private record Backlog(QueueFolder queue, Path ready, ReadyListing listing, int size, Samples micros) {}

    ClaimSection(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    @Override
    public void run(Report report) throws IOException {
        SpoolFolder spool = SpoolFolder.openOrCreate(disk, folder.resolve("claim-spool"));
        spool.ensureOwners(disk);
        List<Backlog> backlogs = new ArrayList<>();
        try (OwnerDirectory owner = OwnerDirectory.open(disk, spool, ProcFolder.SYSTEM)) {
            for (int size : plan.backlogs()) {
                backlogs.add(fill(spool, size));
            }
            Transitions transitions = new Transitions(disk, owner, (of, delayed) -> {});
            for (int round = 0; round < plan.warmUp() + plan.rounds(); round++) {
                for (Backlog backlog : backlogs) {
                    double micros = measure(backlog, transitions, round);
                    if (round >= plan.warmUp()) {
                        backlog.micros.add(micros);
                    }
                }
            }
        }
        tell(report, backlogs);
    }

    private Backlog fill(SpoolFolder spool, int size) throws IOException {
        QueueFolder queue = spool.queue(new QueueName("backlog-" + size));
        Path ready = queue.ensure(disk, BatchState.READY);
        for (int i = 0; i < size; i++) {
            publish(ready, i);
        }
        return new Backlog(queue, ready, new ReadyListing(disk, queue, NanoClock.SYSTEM), size, new Samples());
    }

    private double measure(Backlog backlog, Transitions transitions, int round) throws IOException {
        int published = backlog.size + round * plan.claims();
        long spent = 0;
        for (int i = 0; i < plan.claims(); i++) {
            long start = System.nanoTime();
            claimAndAck(backlog.queue, transitions, backlog.listing);
            spent += System.nanoTime() - start;
            publish(backlog.ready, published + i); // the backlog stays as long as it is
        }
        return spent / 1e3 / plan.claims();
    }

    private static void tell(Report report, List<Backlog> backlogs) {
        for (Backlog backlog : backlogs) {
            String name = String.format(Locale.ROOT, "%,d ready batches", backlog.size);
            report.add(Figure.meanOf(GROUP, name, "us", backlog.micros));
        }
        Backlog shortest = backlogs.get(0);
        Backlog longest = backlogs.get(backlogs.size() - 1);
        report.add(Ratio.atMost(
                String.format(Locale.ROOT, "claim cost at %,d ready / at %d", longest.size, shortest.size),
                longest.micros.mean() / shortest.micros.mean(),
                TARGET));
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
        Files.createFile(ready.resolve(new BatchName(5, number, id, contents).format()));
    }
}
