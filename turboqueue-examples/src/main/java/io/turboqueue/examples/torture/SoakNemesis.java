package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes come and go for minutes or hours; while they live they must not open more and more files. */
final class SoakNemesis implements Nemesis {

    private static final int WORKERS = 2;
    private static final int MAX_DESCRIPTORS = 200;

    private final long minuteMillis;

    SoakNemesis() {
        this(TimeUnit.MINUTES.toMillis(1));
    }

    /** With shorter minutes, for tests. */
    SoakNemesis(long minuteMillis) {
        this.minuteMillis = minuteMillis;
    }

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public int few() {
        return 1;
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        TestBed testBed = TestBed.in(stage.folder());
        try (Cluster cluster = new Cluster(testBed, stage.workload(), stage.seed())) {
            cluster.start(stage.program(), WORKERS, WORKERS, 1);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(stage.times() * minuteMillis);
            while (System.nanoTime() - end < 0) {
                long life = minuteMillis / 12 + cluster.random().nextLong(minuteMillis / 6);
                TimeUnit.MILLISECONDS.sleep(life);
                for (ClusterProcess member : cluster.members()) {
                    countDescriptors(cluster, member);
                }
                replaceOne(cluster, stage.program());
            }
            cluster.finish(stage.program().patience());
        }
        return Stage.verdict(testBed, Rules.STRICT);
    }

    private static void replaceOne(Cluster cluster, Program program) throws IOException, InterruptedException {
        ClusterProcess victim = cluster.victim(member -> true);
        cluster.start(victim.role(), program);
        if (cluster.random().nextBoolean()) {
            cluster.kill(victim);
        } else {
            cluster.end(victim::equals);
        }
    }

    private static void countDescriptors(Cluster cluster, ClusterProcess member) throws IOException {
        Path descriptors = Path.of("/proc", Long.toString(member.process().pid()), "fd");
        if (!Files.isDirectory(descriptors)) {
            return; // a system that does not tell
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            long count = open.count();
            if (count > MAX_DESCRIPTORS) {
                cluster.ledger().write(Entry.TROUBLE, member.name() + " has " + count + " files open");
            }
        }
    }
}
