package io.turboqueue.examples.torture;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes halt themselves right after a step of the protocol; each step gets its turn, again and again. */
final class HaltNemesis implements Nemesis {

    private static final int WORKERS = 2;
    private static final int LATEST_TIME = 6;
    private static final int LONG_ROUNDS = 10;
    private static final int HALTED = 137;
    private static final long LOOK_MILLIS = 2;

    @Override
    public String name() {
        return "halt";
    }

    @Override
    public int few() {
        return ProtocolStep.values().length;
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        TestBed testBed = TestBed.in(stage.folder());
        try (Cluster cluster = new Cluster(testBed, stage.workload(), stage.seed())) {
            Turns turns = new Turns(cluster, stage.workload());
            for (int i = 0; i < WORKERS; i++) {
                for (Role role : Role.values()) {
                    turns.start(role);
                }
            }
            int halts = 0;
            while (halts < stage.times()) {
                for (ClusterProcess ended : cluster.takeEnded()) {
                    requireHalted(ended, cluster.ledger());
                    turns.start(ended.role());
                    halts++;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            for (ClusterProcess member : cluster.members()) {
                cluster.kill(member); // it would halt at some time: those that clear up must not
            }
            cluster.start(stage.program(), 1, WORKERS, 1);
            cluster.finish(stage.program().patience());
        }
        return Stage.verdict(testBed, Rules.STRICT).plus(coverage(testBed, stage));
    }

    /** Which steps were hit; in a long run all of them must have been. */
    private static Verdict coverage(TestBed testBed, Stage stage) throws IOException {
        Map<String, Integer> hits = new TreeMap<>();
        for (ProtocolStep step : steps(stage.workload())) {
            hits.put(step.name(), 0);
        }
        for (HistoryLine line : History.read(testBed.ledgers())) {
            if (line.entry() == Entry.DYING && line.words().size() == 2) {
                hits.merge(line.word(1), 1, Integer::sum);
            }
        }
        Verdict verdict = Verdict.CLEAN.remark("halts after each step: " + hits);
        boolean isLong = stage.times() >= LONG_ROUNDS * hits.size();
        return isLong && hits.containsValue(0)
                ? verdict.violated(List.of("a step was never reached, in halts: " + hits))
                : verdict;
    }

    private static List<ProtocolStep> steps(Workload workload) {
        return Stream.of(ProtocolStep.values())
                .filter(step -> step.occursWith(workload.engine(), workload.durability()))
                .toList();
    }

    private static void requireHalted(ClusterProcess ended, HistoryFile ledger) throws IOException {
        if (ended.process().exitValue() != HALTED) {
            ledger.write(
                    Entry.TROUBLE,
                    ended.name() + " ended by itself with status "
                            + ended.process().exitValue() + ": " + ended.lastWords());
        }
    }

    /** Whose turn it is among the steps that processes of a role come past. */
    private static final class Turns {
        private final Cluster cluster;
        private final List<ProtocolStep> steps;
        private final Map<Role, Iterator<ProtocolStep>> rounds = new EnumMap<>(Role.class);

        Turns(Cluster cluster, Workload workload) {
            this.cluster = cluster;
            this.steps = steps(workload);
        }

        private Iterator<ProtocolStep> round(Role role) {
            return steps.stream().filter(step -> step.role() == role).iterator();
        }

        void start(Role role) throws IOException {
            ProtocolStep step = next(role);
            int time = isOnce(step) ? 1 : 1 + cluster.random().nextInt(LATEST_TIME);
            cluster.start(role, Program.halting(new HaltingDisk.Target(step, time)));
        }

        private ProtocolStep next(Role role) {
            Iterator<ProtocolStep> round = rounds.computeIfAbsent(role, this::round);
            if (!round.hasNext()) {
                round = round(role);
                rounds.put(role, round);
            }
            return round.next();
        }

        /** What a process does once in its life, or seldom. */
        private static boolean isOnce(ProtocolStep step) {
            return step.role() == Role.MAINTENANCE || step == ProtocolStep.QUEUE_FOLDER;
        }
    }
}
