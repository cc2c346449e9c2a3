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
        TestBed arena = TestBed.in(stage.folder());
        try (Cluster crew = new Cluster(arena, stage.workload(), stage.seed())) {
            crew.start(stage.program(), WORKERS, WORKERS, 1);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(stage.times() * minuteMillis);
            while (System.nanoTime() - end < 0) {
                long life = minuteMillis / 12 + crew.random().nextLong(minuteMillis / 6);
                TimeUnit.MILLISECONDS.sleep(life);
                for (ClusterProcess member : crew.members()) {
                    countDescriptors(crew, member);
                }
                replaceOne(crew, stage.program());
            }
            crew.finish(stage.program().patience());
        }
        return Stage.verdict(arena, Rules.STRICT);
    }

    private static void replaceOne(Cluster crew, Program program) throws IOException, InterruptedException {
        ClusterProcess victim = crew.victim(member -> true);
        crew.start(victim.role(), program);
        if (crew.random().nextBoolean()) {
            crew.kill(victim);
        } else {
            crew.end(victim::equals);
        }
    }

    private static void countDescriptors(Cluster crew, ClusterProcess member) throws IOException {
        Path descriptors = Path.of("/proc", Long.toString(member.process().pid()), "fd");
        if (!Files.isDirectory(descriptors)) {
            return; // a system that does not tell
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            long count = open.count();
            if (count > MAX_DESCRIPTORS) {
                crew.ledger().write(Entry.TROUBLE, member.name() + " has " + count + " files open");
            }
        }
    }
}
