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
        TestBed arena = TestBed.in(stage.folder());
        try (Cluster crew = new Cluster(arena, stage.workload(), stage.seed())) {
            crew.start(stage.program(), WORKERS, WORKERS, 1);
            int kills = 0;
            while (kills < stage.times()) {
                ClusterProcess victim = crew.victim(member -> true);
                TimeUnit.MILLISECONDS.sleep(crew.random().nextInt(MAX_PAUSE_MILLIS));
                if (crew.random().nextInt(ALL_EVERY) == 0) {
                    kills += killAll(crew, stage.program());
                } else {
                    crew.kill(victim);
                    crew.start(victim.role(), stage.program());
                    kills++;
                }
            }
            crew.finish(stage.program().patience());
        }
        return Stage.verdict(arena, Rules.STRICT);
    }

    private static int killAll(Cluster crew, Program program) throws IOException, InterruptedException {
        int kills = 0;
        for (ClusterProcess member : crew.members()) {
            crew.kill(member);
            kills++;
        }
        crew.start(program, WORKERS, WORKERS, 1);
        return kills;
    }
}
