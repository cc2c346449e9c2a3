package io.turboqueue.examples.torture;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Kills one process after the other with {@code kill -9}, now and then all at once, and starts others in their place. */
final class KillMode implements Mode {

    private static final int WORKERS = 3;
    private static final int ALL_EVERY = 40;
    private static final int LONGEST_PAUSE_MILLIS = 40;

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
        Arena arena = Arena.in(stage.folder());
        try (Crew crew = new Crew(arena, stage.workload(), stage.seed())) {
            crew.start(stage.program(), WORKERS, WORKERS, 1);
            int kills = 0;
            while (kills < stage.times()) {
                Member victim = crew.victim(member -> true);
                TimeUnit.MILLISECONDS.sleep(crew.random().nextInt(LONGEST_PAUSE_MILLIS));
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

    private static int killAll(Crew crew, Program program) throws IOException, InterruptedException {
        int kills = 0;
        for (Member member : crew.members()) {
            crew.kill(member);
            kills++;
        }
        crew.start(program, WORKERS, WORKERS, 1);
        return kills;
    }
}
