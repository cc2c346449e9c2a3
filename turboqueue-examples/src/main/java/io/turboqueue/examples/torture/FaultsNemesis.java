package io.turboqueue.examples.torture;

import io.turboqueue.Spool;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.examples.torture.FaultyDisk.Fault;
import io.turboqueue.layout.LockFile;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.ProcessIdentity;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ProcFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Fails one operation on the disk after the other, once and for a long row, and two at a time, while a process clears a dead
 * one's owner directory, publishes, consumes and leaves. Every call that fails is made again; another process clears up. In this JVM.
 */
final class FaultsNemesis implements Nemesis {

    private static final int AT_A_TIME = 4;
    private static final int LONG_ROW = 40;
    private static final int BATCHES = 4;
    private static final int MAX_ROUNDS = 2_000;
    private static final String DEAD_OWNER = new OwnerName(
                    OwnerName.Form.IN_USE,
                    new ProcessIdentity(
                            999_999_999, "1", ProcFolder.SYSTEM.self().scope()),
                    "deaddeaddeaddead")
            .format();
    private static final int TRIES = 100;
    private static final long MAX_SECONDS = 120;

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public int few() {
        return 40;
    }

    /** With as many strikes as there are operations, three times over, the sweep is whole. */
    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        int operations = new Life(stage, "without", List.of()).run().operations();
        List<Callable<Outcome>> lives = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(stage.seed());
        for (int i = 0; i < stage.times(); i++) {
            List<Fault> faults = faults(i, stage.times(), operations, random);
            Life life = new Life(stage, Integer.toString(i), faults);
            lives.add(life::run);
        }
        Verdict total = runAll(lives);
        return total.remark(operations + " operations without a fault; "
                + (stage.times() >= 3 * operations ? "each of them failed" : "not each of them failed"));
    }

    /** A third of the strikes each: once, for a long row, two at a time; spread evenly over the operations. */
    private static List<Fault> faults(int strike, int strikes, int operations, SplittableRandom random) {
        int first = 1 + (int) ((long) (strike / 3) * operations / Math.max(1, strikes / 3));
        return switch (strike % 3) {
            case 0 -> List.of(new Fault(first, 1));
            case 1 -> List.of(new Fault(first, LONG_ROW));
            default -> List.of(new Fault(first, 1), new Fault(first + 1 + random.nextInt(operations), 1));
        };
    }

    private static Verdict runAll(List<Callable<Outcome>> lives) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        Verdict total = Verdict.CLEAN;
        try {
            List<Future<Outcome>> outcomes = new ArrayList<>();
            for (Callable<Outcome> life : lives) {
                outcomes.add(threads.submit(life));
            }
            for (Future<Outcome> outcome : outcomes) {
                total = total.plus(outcome.get(MAX_SECONDS, TimeUnit.SECONDS).verdict());
            }
        } catch (ExecutionException failed) {
            throw new IOException("a life with faults failed: " + failed.getCause(), failed.getCause());
        } catch (TimeoutException hung) {
            total = total.violated(List.of("a life with faults hangs"));
        } finally {
            threads.shutdownNow();
        }
        return total;
    }

    private record Outcome(Verdict verdict, int operations) {}

    /** One process that meets with faults, and another that clears up after it. */
    private static final class Life {
        private final Stage stage;
        private final List<Fault> faults;
        private final Path folder;

        Life(Stage stage, String name, List<Fault> faults) {
            this.stage = stage;
            this.faults = faults;
            this.folder = stage.folder().resolve("life-" + name);
        }

        Outcome run() throws IOException, InterruptedException {
            TestBed testBed = TestBed.in(Files.createDirectory(folder));
            leaveDeadOwner(testBed);
            FaultyDisk faulty = new FaultyDisk(new LocalDisk(), faults);
            live(testBed, "faulty", faulty, BATCHES);
            live(testBed, "next", new LocalDisk(), 0);
            Verdict verdict = Stage.verdict(testBed, Rules.STRICT);
            if (verdict.passed()) {
                TestBed.delete(folder);
            }
            String when = "with " + faults + ": ";
            List<String> violations =
                    verdict.violations().stream().map(when::concat).toList();
            Tally struck = verdict.tally().plus(new Tally(faulty.failed(), 0, 0, 0, 0, 0, 0, 0));
            return new Outcome(new Verdict(struck, violations, List.of()), faulty.operations());
        }

        private Assignment assignment(TestBed testBed, String name) {
            Path ledger = testBed.ledgers().resolve(name + HistoryFile.SUFFIX);
            return new Assignment(Role.PRODUCER, testBed.spool(), ledger, stage.seed(), stage.workload());
        }

        /** Publishes, then consumes until nothing is left, then leaves. */
        private void live(TestBed testBed, String name, Disk disk, int batches)
                throws IOException, InterruptedException {
            Assignment assignment = assignment(testBed, name);
            try (HistoryFile ledger = HistoryFile.open(assignment.ledger())) {
                Spool spool = insist(() -> Spool.builder(assignment.spool())
                        .config(assignment.workload().config())
                        .disk(new RecordingDisk(disk, ledger))
                        .open());
                Job producer = insist(() -> new ProducerJob(assignment, spool, ledger));
                for (int i = 0; i < batches; i++) {
                    producer.runOnce();
                }
                Job consumer = insist(() -> new ConsumerJob(assignment, spool, ledger));
                int rounds = 0;
                while (!(Remains.isIdle(assignment.spool()) && Remains.owners(assignment.spool()) == 1)) {
                    consumer.runOnce();
                    if (++rounds == MAX_ROUNDS) {
                        ledger.write(Entry.TROUBLE, "still there: " + Remains.everything(assignment.spool()));
                        break;
                    }
                }
                ledger.write(Entry.DYING, "end");
                insist(() -> {
                    producer.close();
                    consumer.close();
                    spool.close();
                    return true;
                });
            }
        }

        /** An owner directory of a process that died with a claim and a half-filled file. */
        private void leaveDeadOwner(TestBed testBed) throws IOException, InterruptedException {
            Assignment assignment = assignment(testBed, "dead");
            Path owner = testBed.spool().resolve(SpoolFolder.OWNERS).resolve(DEAD_OWNER);
            try (HistoryFile ledger = HistoryFile.open(assignment.ledger())) {
                try (Spool spool = Spool.builder(assignment.spool())
                                .config(assignment.workload().config())
                                .disk(new RecordingDisk(new LocalDisk(), ledger))
                                .open();
                        Job producer = new ProducerJob(assignment, spool, ledger)) {
                    producer.runOnce();
                }
                ledger.write(Entry.OWNER, DEAD_OWNER);
                ledger.write(Entry.DYING, "end");
            }
            Files.createDirectory(owner);
            Files.createFile(owner.resolve(LockFile.name(1)));
            String queue = assignment.workload().queues().get(0);
            Files.writeString(
                    owner.resolve(new OwnerEntry.Loading(new QueueName(queue), "half-filled").format()), "half");
            for (String name : assignment.workload().queues()) {
                claimAll(name, testBed.spool().resolve(name).resolve("ready"), owner);
            }
        }

        private static void claimAll(String queue, Path ready, Path owner) throws IOException {
            if (!Files.isDirectory(ready)) {
                return;
            }
            try (Stream<Path> files = Files.list(ready)) {
                for (Path file : files.toList()) {
                    String claimed = "claimed~00000000~" + queue + "~" + file.getFileName();
                    Files.move(file, owner.resolve(claimed), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }

        /** Makes a call again that failed. */
        private static <T> T insist(Callable<T> call) throws IOException, InterruptedException {
            for (int tries = 1; ; tries++) {
                try {
                    return call.call();
                } catch (IOException failed) {
                    if (tries == TRIES) {
                        throw failed;
                    }
                    TimeUnit.MILLISECONDS.sleep(5);
                } catch (InterruptedException | RuntimeException passed) {
                    throw passed;
                } catch (Exception impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }
    }
}
