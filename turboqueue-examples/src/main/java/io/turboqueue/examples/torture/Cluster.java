package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The processes of a run and what is done to them, written down in a ledger of the parent's own. Not thread-safe. */
final class Cluster implements AutoCloseable {

    private static final long TO_END_SECONDS = 60;
    private static final long TO_WORK_SECONDS = 150; // a last attempt alone may make the others wait for two minutes
    private static final long LOOK_MILLIS = 5;

    private final TestBed testBed;
    private final Workload workload;
    private final SplittableRandom random;
    private final HistoryFile ledger;
    private final List<ClusterProcess> members = new ArrayList<>();
    private int started;

    Cluster(TestBed testBed, Workload workload, long seed) throws IOException {
        this.testBed = testBed;
        this.workload = workload;
        this.random = new SplittableRandom(seed);
        this.ledger = HistoryFile.open(testBed.ledgers().resolve("torturer" + HistoryFile.SUFFIX));
    }

    SplittableRandom random() {
        return random;
    }

    HistoryFile ledger() {
        return ledger;
    }

    /** Those that were started and not killed or ended. */
    List<ClusterProcess> members() {
        return List.copyOf(members);
    }

    /** Starts one. */
    ClusterProcess start(Role role, Program program) throws IOException {
        String name = role.word() + "-" + ++started;
        Assignment assignment = new Assignment(
                role,
                testBed.spool(),
                testBed.ledgers().resolve(name + HistoryFile.SUFFIX),
                random.nextLong(),
                workload);
        Path log = testBed.logs().resolve(name + ".log");
        Process process = new ProcessBuilder(testBed.command(program, assignment.arguments()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ClusterProcess member = new ClusterProcess(assignment, process, log);
        members.add(member);
        return member;
    }

    /** Starts that many of each. */
    void start(Program program, int producers, int consumers, int maintenance) throws IOException {
        for (int i = 0; i < producers; i++) {
            start(Role.PRODUCER, program);
        }
        for (int i = 0; i < consumers; i++) {
            start(Role.CONSUMER, program);
        }
        for (int i = 0; i < maintenance; i++) {
            start(Role.MAINTENANCE, program);
        }
    }

    /** Waits for one that is at work and chooses it. */
    ClusterProcess victim(Predicate<ClusterProcess> which) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TO_WORK_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            List<ClusterProcess> candidates = new ArrayList<>();
            for (ClusterProcess member : members) {
                requireAlive(member);
                if (member.isAtWork() && which.test(member)) {
                    candidates.add(member);
                }
            }
            if (!candidates.isEmpty()) {
                return candidates.get(random.nextInt(candidates.size()));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        throw new IOException("no process has done anything for " + TO_WORK_SECONDS + " s");
    }

    private static void requireAlive(ClusterProcess member) throws IOException {
        if (!member.isAlive()) {
            throw new IOException(member.name() + " ended by itself with status "
                    + member.process().exitValue() + ": " + member.lastWords());
        }
    }

    /** Kills one and forgets it. */
    void kill(ClusterProcess member) throws IOException, InterruptedException {
        ledger.write(Entry.KILLING, member.name());
        member.kill();
        members.remove(member);
    }

    /** Takes those out that ended by themselves. */
    List<ClusterProcess> takeEnded() {
        List<ClusterProcess> ended =
                members.stream().filter(member -> !member.isAlive()).toList();
        members.removeAll(ended);
        return ended;
    }

    /**
     * Lets a producer publish, ends producers, waits until the queues are empty and the dead are cleared away, ends the
     * others. What goes wrong becomes a line of the ledger.
     *
     * @param patience how long to wait for that
     */
    void finish(Duration patience) throws IOException, InterruptedException {
        awaitPublishing();
        end(member -> member.role() == Role.PRODUCER);
        awaitEmpty(patience);
        end(member -> true);
    }

    /** However slow the machine, however short the run: no run ends with nothing to judge. */
    private void awaitPublishing() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TO_END_SECONDS);
        List<ClusterProcess> producers = members.stream()
                .filter(member -> member.role() == Role.PRODUCER)
                .toList();
        boolean waiting = !producers.isEmpty();
        while (waiting && System.nanoTime() - deadline < 0) {
            for (ClusterProcess producer : producers) {
                waiting &= producer.isAlive() && !producer.hasPublished();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        if (waiting) {
            ledger.write(Entry.TROUBLE, "no producer published anything for " + TO_END_SECONDS + " s");
        }
    }

    private void awaitEmpty(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        int empty = 0;
        while (empty < 2 && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            boolean nothing =
                    Remains.isIdle(testBed.spool()) && living().containsAll(Remains.processes(testBed.spool()));
            empty = nothing ? empty + 1 : 0; // one listing alone may miss what is renamed meanwhile
        }
        if (empty < 2) {
            ledger.write(
                    Entry.TROUBLE,
                    "after " + patience.toSeconds() + " s there is still: " + Remains.everything(testBed.spool()));
        }
    }

    private Set<Long> living() {
        return members.stream().map(member -> member.process().pid()).collect(Collectors.toSet());
    }

    /** Ends those, and writes down who hangs or fails. */
    void end(Predicate<ClusterProcess> which) throws IOException, InterruptedException {
        List<ClusterProcess> ending = members.stream().filter(which).toList();
        for (ClusterProcess member : ending) {
            member.askToEnd();
        }
        for (ClusterProcess member : ending) {
            if (!member.process().waitFor(TO_END_SECONDS, TimeUnit.SECONDS)) {
                member.dump();
                ledger.write(Entry.TROUBLE, member.name() + " hangs; its threads: " + member.lastWords());
                kill(member);
            } else if (member.process().exitValue() != 0) {
                ledger.write(
                        Entry.TROUBLE,
                        member.name() + " ended with status " + member.process().exitValue() + ": "
                                + member.lastWords());
            }
            members.remove(member);
        }
    }

    /** Kills whoever is left, so that no process outlives the run. */
    @Override
    public void close() throws IOException {
        try (ledger) {
            for (ClusterProcess member : members) {
                member.process().destroyForcibly();
            }
        }
    }
}
