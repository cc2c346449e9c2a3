package io.turboqueue.examples.torture;

import io.turboqueue.Spool;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.util.List;

/** A process that is going to be tortured: does its job until it is asked to end, or until worse happens. */
final class TortureProcess {

    private TortureProcess() {}

    /** What lies between the queue and the local disk. */
    interface Variant {
        /** The disk as it is. */
        Variant NONE = (disk, ledger) -> disk;

        Disk over(Disk disk, HistoryFile ledger);
    }

    /** Makes the job of a role. */
    interface Jobs {
        /** As a role does it. */
        Jobs USUAL = TortureProcess::usual;

        Job of(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException;
    }

    /**
     * Runs one.
     *
     * @param arguments an {@link Assignment}, and before it perhaps a {@link HaltingDisk.Target}
     */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        if (words.get(0).contains(":")) {
            HaltingDisk.Target target = HaltingDisk.Target.parse(words.get(0));
            run(
                    Assignment.parse(words.subList(1, words.size())),
                    (disk, ledger) -> new HaltingDisk(disk, target, ledger),
                    Jobs.USUAL);
        } else {
            run(Assignment.parse(words), Variant.NONE, Jobs.USUAL);
        }
    }

    /** Does a job on some disk. */
    static void run(Assignment assignment, Variant variant, Jobs jobs) throws Exception {
        ParentWatch parent = ParentWatch.watch();
        try (HistoryFile ledger = HistoryFile.open(assignment.ledger())) {
            Disk disk = new RecordingDisk(variant.over(new LocalDisk(), ledger), ledger);
            try (Spool spool = Spool.builder(assignment.spool())
                            .config(assignment.workload().config())
                            .disk(disk)
                            .open();
                    Job job = jobs.of(assignment, spool, ledger)) {
                while (parent.isThere()) {
                    job.runOnce();
                }
                ledger.write(Entry.DYING, "end");
            }
            for (String open : OpenFiles.under(assignment.spool())) {
                ledger.write(Entry.LEAKED, open);
            }
        }
    }

    private static Job usual(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
        return switch (assignment.role()) {
            case PRODUCER -> new ProducerJob(assignment, spool, ledger);
            case CONSUMER -> new ConsumerJob(assignment, spool, ledger);
            case MAINTENANCE -> new MaintenanceJob(assignment, spool);
        };
    }
}
