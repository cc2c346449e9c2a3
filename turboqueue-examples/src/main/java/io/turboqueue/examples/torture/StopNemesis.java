package io.turboqueue.examples.torture;

import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Stops processes (SIGSTOP) for longer than several rounds of recovery and lets them continue. A stopped process lives: nothing
 * is taken from it, but from the queue that has a {@code delivery.maxProcessingTime}, where it must be told.
 */
final class StopNemesis implements Nemesis {

    private static final int WORKERS = 3;
    private static final int MAX_STOPPED = 3;
    private static final int MAX_TRIES = 30;
    private static final int MIN_MILLIS = 300;
    private static final int MAX_MILLIS = 1_500;

    private record Stopped(ClusterProcess member, long untilNanos) {}

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public int few() {
        return 6;
    }

    @Override
    public Verdict run(Stage stage) throws IOException, InterruptedException {
        TestBed testBed = TestBed.in(stage.folder());
        String leased = stage.workload().queues().get(0);
        try (Cluster cluster = new Cluster(testBed, stage.workload().leasing(leased), stage.seed())) {
            cluster.start(stage.program(), 1, WORKERS, 1);
            Deque<Stopped> stopped = new ArrayDeque<>();
            for (int stops = 0; stops < stage.times(); stops++) {
                if (stopped.size() == MAX_STOPPED) {
                    goOn(stopped.removeFirst());
                }
                stopped.addLast(stop(cluster, stopped, testBed.spool()));
            }
            while (!stopped.isEmpty()) {
                goOn(stopped.removeFirst());
            }
            cluster.finish(stage.program().patience());
        }
        return Stage.verdict(testBed, Rules.leasing(leased));
    }

    /** Mostly a consumer, and that while it works on a batch. */
    private static Stopped stop(Cluster cluster, Deque<Stopped> stopped, Path spool)
            throws IOException, InterruptedException {
        boolean any = cluster.random().nextInt(5) == 0;
        ClusterProcess victim = cluster.victim(member -> (any || member.role() == Role.CONSUMER)
                && stopped.stream().noneMatch(other -> other.member.equals(member)));
        cluster.ledger().write(Entry.STRUCK, "stop", victim.name());
        victim.stop();
        for (int tries = 1;
                tries < MAX_TRIES && victim.role() == Role.CONSUMER && !holdsClaim(spool, victim);
                tries++) {
            victim.goOn();
            victim.stop();
        }
        long millis = cluster.random().nextInt(MIN_MILLIS, MAX_MILLIS);
        return new Stopped(victim, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static boolean holdsClaim(Path spool, ClusterProcess member) throws IOException {
        String owner = "/" + SpoolFolder.OWNERS + "/" + member.process().pid() + "-";
        return Remains.everything(spool).stream()
                .anyMatch(path -> path.startsWith(owner) && path.contains("/claimed~"));
    }

    private static void goOn(Stopped stopped) throws IOException, InterruptedException {
        long left = stopped.untilNanos - System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
        stopped.member.goOn();
    }
}
