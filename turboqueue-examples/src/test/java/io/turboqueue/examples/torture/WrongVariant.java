package io.turboqueue.examples.torture;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Spool;
import io.turboqueue.disk.Disk;
import io.turboqueue.examples.torture.SmallDisk.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Queues that are wrong in one way each, and what the checker must say of them. */
enum WrongVariant implements Control {
    /** A consumer that acks first: killed after that, it loses the batch. */
    ACK_BEFORE_WORK("lost: ") {
        @Override
        public Verdict run(Path folder, long seed) throws IOException, InterruptedException {
            return new KillNemesis().run(stage(folder, 20, seed));
        }

        @Override
        Job job(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
            return assignment.role() == Role.CONSUMER
                    ? new AckFirstJob(assignment, spool, ledger)
                    : super.job(assignment, spool, ledger);
        }
    },

    /** Half-filled files of the dead are published instead of deleted. */
    PROMOTE_LOADING("/dead/") {
        @Override
        public Verdict run(Path folder, long seed) throws IOException, InterruptedException {
            TestBed testBed = TestBed.in(folder);
            Nemesis.Stage stage = stage(folder, 0, seed);
            try (Cluster cluster = new Cluster(testBed, stage.workload(), seed)) {
                cluster.start(stage.program(), 0, 1, 1);
                for (int time = 1; time <= 3; time++) {
                    HaltingDisk.Target half = new HaltingDisk.Target(ProtocolStep.LOADING_HALF_WRITTEN, time);
                    ClusterProcess halting = cluster.start(Role.PRODUCER, Program.halting(half));
                    halting.process().waitFor();
                    cluster.takeEnded();
                }
                cluster.finish(stage.program().patience());
            }
            return Nemesis.Stage.verdict(testBed, Rules.STRICT);
        }

        @Override
        Disk over(Disk disk) {
            return new PromotingDisk(disk);
        }
    },

    /** A claim has the same name whoever holds it, so a late owner acks another's claim. */
    SHARED_CLAIM_NAME("one attempt was both acked and returned") {
        @Override
        public Verdict run(Path folder, long seed) throws IOException, InterruptedException {
            return new StopNemesis().run(stage(folder, 4, seed));
        }

        @Override
        Disk over(Disk disk) {
            return new SharedClaimDisk(disk);
        }

        @Override
        Job job(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
            return assignment.role() == Role.CONSUMER
                    ? new LateJob(assignment, spool, ledger)
                    : super.job(assignment, spool, ledger);
        }
    },

    /** Claims are taken from live owners because their files are old. */
    STEAL_BY_AGE("robbed: ") {
        @Override
        public Verdict run(Path folder, long seed) throws IOException, InterruptedException {
            return new StopNemesis().run(stage(folder, 6, seed));
        }

        @Override
        Job job(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
            return assignment.role() == Role.MAINTENANCE
                    ? new StealingJob(assignment, ledger)
                    : super.job(assignment, spool, ledger);
        }
    },

    /** Durability power without a single fsync. */
    NO_FSYNC("lost: ") {
        @Override
        public Optional<String> obstacle() {
            Optional<String> root = SmallDisk.obstacle();
            return root.isPresent() ? root : Kind.EXT4.obstacle();
        }

        @Override
        public Verdict run(Path folder, long seed) throws IOException, InterruptedException {
            return new PowerNemesis().run(stage(folder, 2, seed), Kind.EXT4, "power");
        }

        @Override
        Disk over(Disk disk) {
            return new UnsyncedDisk(disk);
        }
    },

    /** A rename that copies and deletes, as a plain move may. */
    COPY_FOR_RENAME("delivered twice under one attempt") {
        @Override
        public Verdict run(Path folder, long seed) throws IOException, InterruptedException {
            return new KillNemesis().run(stage(folder, 10, seed));
        }

        @Override
        Disk over(Disk disk) {
            return new CopyingDisk(disk);
        }
    },

    /** Fills whatever lies in {@code free/}, a second name of somebody else's file included. */
    FILLS_WHAT_IS_FREE("outside the spool bait.db was changed") {
        @Override
        public Verdict run(Path folder, long seed) throws IOException, InterruptedException {
            return new FoldersNemesis(List.of(OddEntry.SECOND_NAME)).run(stage(folder, 80, seed));
        }

        @Override
        Disk over(Disk disk) {
            return new TrustingDisk(disk);
        }
    };

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String telling;

    WrongVariant(String telling) {
        this.telling = telling;
    }

    Nemesis.Stage stage(Path folder, int times, long seed) {
        return new Nemesis.Stage(
                folder, Workload.of("pages"), times, seed, new Program(WrongProcess.class, List.of(name()), PATIENCE));
    }

    @Override
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    public boolean caught(Verdict verdict) {
        return verdict.violations().stream().anyMatch(violation -> violation.contains(telling));
    }

    /** The disk under its processes. */
    Disk over(Disk disk) {
        return disk;
    }

    /** The jobs of its processes. */
    Job job(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
        return TortureProcess.Jobs.USUAL.of(assignment, spool, ledger);
    }

    /** Acks, and works only then. */
    private static final class AckFirstJob extends ConsumerJob {
        private static final long WORKING_MILLIS = 20; // most of its time, so that a kill hits it

        AckFirstJob(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
            super(assignment, spool, ledger);
        }

        @Override
        protected void handle(ClaimedBatch<String> batch) throws IOException, InterruptedException {
            List<String> payloads = new ArrayList<>();
            batch.forEach(message -> payloads.add(message.payload()));
            ack(batch);
            TimeUnit.MILLISECONDS.sleep(WORKING_MILLIS);
            note(Entry.DELIVERED, batch, payloads);
        }
    }

    /** Now and then takes longer than the lease, and always when it is given what another was too late with. */
    private static final class LateJob extends ConsumerJob {
        private static final long LATE_MILLIS = 600;

        LateJob(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
            super(assignment, spool, ledger);
        }

        @Override
        protected void handle(ClaimedBatch<String> batch) throws IOException, InterruptedException {
            work(batch);
            boolean late = batch.attempt() == 0 && batch.id().hashCode() % 8 == 0;
            if (late || batch.attempt() == 1) {
                TimeUnit.MILLISECONDS.sleep(LATE_MILLIS);
            }
            finish(batch);
        }
    }
}
