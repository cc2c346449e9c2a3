package io.turboqueue.examples.flights;

import io.turboqueue.QueueInspector;
import io.turboqueue.Spool;
import io.turboqueue.examples.JavaCommand;
import io.turboqueue.examples.ProcessGroup;
import io.turboqueue.examples.ProcessGroup.State;
import io.turboqueue.inspect.QueueStats;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One run: starts the worker processes, watches them until every flight is counted, stops them, and compares the results
 * with a plain pass. It opens neither a producer nor a consumer of its own.
 *
 * <p>A run is done when all producers have finished, every message is counted, and the queue is empty, claimed batches
 * included. It ends with a sentence that says why when a worker was given up, when batches became dead letters, or when
 * nothing at all has moved for too long. It never hangs.
 */
final class DemoRun {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SHORT_RUN = 2_000_000;
    /** A listing of a folder that others change may miss a name, so empty is what was found empty twice. */
    private static final int EMPTY_LISTINGS = 2;

    private final Workload workload;
    private final int consumers;
    private final LiveView view;
    private final Consumer<ProcessGroup> onStart;
    private final Counts counts = new Counts(System::nanoTime);

    /**
     * A run that has not begun.
     *
     * @param onStart gets the worker processes once they were started
     */
    DemoRun(Workload workload, int consumers, LiveView view, Consumer<ProcessGroup> onStart) {
        this.workload = workload;
        this.consumers = consumers;
        this.view = view;
        this.onStart = onStart;
    }

    /** Runs it; the results stay in the database. */
    Outcome run() throws IOException, SQLException, InterruptedException, DemoFailedException {
        Airports airports = Airports.load();
        try (Spool spool = Spool.open(workload.spool())) {
            workload.folder().create();
            try (Results results = Results.create(workload, airports)) {
                long started = System.nanoTime();
                int restarts = work(results, workload.queue(spool).inspector());
                return new Outcome(
                        workload,
                        results.summary(),
                        speedSince(started),
                        new Outcome.Workers(workload.producers(), consumers, restarts),
                        verify(results, airports));
            }
        }
    }

    private Outcome.Speed speedSince(long started) {
        return new Outcome.Speed(
                counts.secondsUntilFirst(Step.PUBLISHED, started),
                counts.seconds(Step.PUBLISHED, Step.ACKED),
                counts.seconds(Step.PUBLISHED, Step.PUBLISHED),
                counts.seconds(Step.CLAIMED, Step.ACKED));
    }

    private Verification verify(Results results, Airports airports) throws IOException, SQLException {
        RouteTally reference = RouteTally.reference(Flights.load(), workload.messages(), airports);
        return Verification.of(reference.totals(), results.routes());
    }

    /** Lets the workers do it all; returns how often one had to be started again. */
    private int work(Results results, QueueInspector inspector)
            throws IOException, SQLException, InterruptedException, DemoFailedException {
        try (ProcessGroup group = startWorkers()) {
            onStart.accept(group);
            watch(group, results, inspector);
            return group.restarts();
        } finally {
            view.end();
        }
    }

    private ProcessGroup startWorkers() {
        ProcessGroup.Builder group =
                ProcessGroup.builder().onLine(this::readLine).onLog(view::log);
        for (int number = 0; number < workload.producers(); number++) {
            List<String> arguments = new ArrayList<>(workload.arguments());
            arguments.add(Integer.toString(number));
            group.worker(producer(number), JavaCommand.of(FlightProducer.class, jvmFlags(), arguments));
        }
        for (int number = 0; number < consumers; number++) {
            group.worker("consumer-" + number, JavaCommand.of(FlightConsumer.class, jvmFlags(), workload.arguments()));
        }
        return group.start();
    }

    /** For processes that are small and may be killed. */
    private List<String> jvmFlags() {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                // What a killed JVM leaves behind must lie in the run's own folder.
                "-XX:-UsePerfData",
                "-Dorg.sqlite.tmpdir=" + workload.folder().nativeLibraries(),
                // Newer JDKs warn of the native library of sqlite-jdbc unless told that it is wanted.
                "--enable-native-access=ALL-UNNAMED"));
        if (workload.messages() <= SHORT_RUN) {
            // Six optimising compilers at work cost more than they would gain in a few seconds.
            flags.add("-XX:TieredStopAtLevel=1");
        }
        return flags;
    }

    private void readLine(String worker, String line) {
        Optional<ProgressLine> progress = ProgressLine.parse(line);
        if (progress.isPresent()) {
            counts.add(progress.get());
        } else {
            view.log("[" + worker + "] " + line);
        }
    }

    private void watch(ProcessGroup group, Results results, QueueInspector inspector)
            throws IOException, SQLException, InterruptedException, DemoFailedException {
        Stall stall = new Stall();
        int empty = 0;
        while (empty < EMPTY_LISTINGS) {
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            // In this order: what is sent after the look at the producers is seen in the queue or in the results.
            boolean allSent = allSent(group);
            QueueStats queue = inspector.stats();
            long counted = results.summary().messages();
            empty = allSent && isEmpty(queue) && counted == workload.messages() ? empty + 1 : 0;
            view.show(snapshot(queue));
            failIfHopeless(group, queue);
            stall.failIfLasting(counted);
        }
    }

    private boolean allSent(ProcessGroup group) {
        return IntStream.range(0, workload.producers())
                .allMatch(number -> group.state(producer(number)) == State.FINISHED);
    }

    private static boolean isEmpty(QueueStats queue) {
        return queue.ready().batches() == 0
                && queue.delayed().batches() == 0
                && queue.claimed().batches() == 0;
    }

    private LiveView.Snapshot snapshot(QueueStats queue) {
        return new LiveView.Snapshot(
                counts.messages(Step.PUBLISHED),
                counts.messages(Step.CLAIMED),
                counts.messages(Step.ACKED),
                workload.messages(),
                queue.ready().messages() + queue.delayed().messages());
    }

    private void failIfHopeless(ProcessGroup group, QueueStats queue) throws DemoFailedException {
        Optional<String> givenUp = group.givenUp();
        if (givenUp.isPresent()) {
            throw new DemoFailedException(givenUp.get());
        }
        if (queue.dead().batches() > 0) {
            throw new DemoFailedException(queue.dead().batches() + " batches with "
                    + queue.dead().messages() + " messages became dead letters");
        }
    }

    private static String producer(int number) {
        return "producer-" + number;
    }

    /** Notices when nothing moves any more. */
    private final class Stall {

        private long movedAt = System.nanoTime();
        private long last = -1;

        void failIfLasting(long counted) throws DemoFailedException {
            long steps = counted
                    + counts.messages(Step.PUBLISHED)
                    + counts.messages(Step.CLAIMED)
                    + counts.messages(Step.ACKED);
            if (steps != last) {
                last = steps;
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > PATIENCE.toNanos()) {
                throw new DemoFailedException("nothing has moved for " + PATIENCE.toSeconds() + " s; " + counted
                        + " of " + workload.messages() + " messages are counted");
            }
        }
    }
}
