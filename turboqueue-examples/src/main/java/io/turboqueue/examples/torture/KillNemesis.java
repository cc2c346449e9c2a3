package io.turboqueue.examples.torture;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Kills one process after the other with {@code kill -9}, now and then all at once, and starts others in their place. */
final class KillNemesis implements Nemesis {

    private static final int WORKERS = 3;
    private static final int ALL_EVERY = 40;
    private static final int MAX_PAUSE_MILLIS = 40;

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public int few() {
        return 25;
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        TestBed testBed = TestBed.in(stage.folder());
        try (Cluster cluster = new Cluster(testBed, stage.workload(), stage.seed())) {
            cluster.start(stage.program(), WORKERS, WORKERS, 1);
            int kills = 0;
            while (kills < stage.times()) {
                ClusterProcess victim = cluster.victim(member -> true);
                TimeUnit.MILLISECONDS.sleep(cluster.random().nextInt(MAX_PAUSE_MILLIS));
                if (cluster.random().nextInt(ALL_EVERY) == 0) {
                    kills += killAll(cluster, stage.program());
                } else {
                    cluster.kill(victim);
                    cluster.start(victim.role(), stage.program());
                    kills++;
                }
            }
            cluster.finish(stage.program().patience());
        }
        return Stage.verdict(testBed, Rules.STRICT);
    }

    private static int killAll(Cluster cluster, Program program) throws IOException, InterruptedException {
        int kills = 0;
        for (ClusterProcess member : cluster.members()) {
            cluster.kill(member);
            kills++;
        }
        cluster.start(program, WORKERS, WORKERS, 1);
        return kills;
    }
}
