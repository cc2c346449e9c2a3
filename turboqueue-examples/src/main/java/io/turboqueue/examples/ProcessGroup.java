package io.turboqueue.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A group of worker processes that lives and ends together. It starts them, watches them, starts those again that die,
 * and stops all of them when it is closed or when this JVM ends, be it by SIGTERM or Ctrl-C.
 *
 * <ul>
 *   <li>A worker that exits with 0 has finished and stays down, unless the group's workers are to run always: then that
 *       is a failure as well.
 *   <li>A worker that ends is started again after a pause, which doubles with every end in a row up to a longest one.
 *       When it has failed more often in a row than allowed it is given up, see {@link #givenUp()}. A worker that lived
 *       for ten seconds begins a new row.
 *   <li>A worker whose lines have a {@linkplain WorkerSpec.Meaning meaning} begins a new row with each progress it reports, and
 *       a death at what it said to be risky does not count.
 *   <li>A worker that was stopped from outside (SIGKILL, SIGTERM, SIGINT) is never given up for that, however often it
 *       happens: it is not the worker's failure. The pauses grow anyway, since the kernel may kill it each time for
 *       want of memory.
 *   <li>{@link #close()} asks every worker to end (SIGTERM) and kills those that still live after the grace period.
 *   <li>When a worker's process ends, however it does, the processes that it started and left behind are killed. On systems
 *       without {@code /proc} only those of a worker that is killed after the grace period are.
 *   <li>A worker's standard input is a pipe that stays open as long as this JVM lives. A worker that finds its end knows
 *       that nobody is left to stop it: this JVM was killed.
 * </ul>
 *
 * <p>What a worker writes to standard output goes line by line to the line listener, what it writes to standard error
 * goes to the log with the worker's name in front. Of a line longer than 8,192 characters the rest is dropped. Listeners are
 * called from several threads at a time, must return soon (a worker whose lines are not taken waits) and must not throw.
 */
public final class ProcessGroup implements AutoCloseable {

    /** Gets each line that a worker writes to standard output. */
    @FunctionalInterface
    public interface LineListener {
        /**
         * A line was written.
         *
         * @param worker the worker's name
         * @param line without its line end
         */
        void line(String worker, String line);
    }

    /** Where a worker is. */
    public enum State {
        /** About to be started for the first time, or waiting to be started again. */
        PAUSED,
        /** Its process lives, and has not said yet that it is ready. */
        STARTING,
        /** Its process lives and is ready. */
        RUNNING,
        /** It exited with 0. */
        FINISHED,
        /** It failed too often in a row. */
        GIVEN_UP,
        /** It ended because the group was closed. */
        STOPPED
    }

    /** Which end of a worker is followed by another start. */
    public enum Restart {
        /** Every end that the group did not ask for: for workers that have no end of their own. */
        ALWAYS,
        /** Every end but that with exit status 0. */
        ON_FAILURE,
        /** None. */
        NEVER
    }

    /** When a worker is started again, and how long it gets to end. */
    record Policy(Restart when, int restarts, Duration firstPause, Duration longestPause, Duration grace) {

        static final Policy DEFAULT =
                new Policy(Restart.ON_FAILURE, 5, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(5));

        /** The pause after that many ends in a row. */
        Duration pause(int ends) {
            Duration pause = firstPause;
            for (int i = 1; i < ends && pause.compareTo(longestPause) < 0; i++) {
                pause = pause.multipliedBy(2);
            }
            return pause.compareTo(longestPause) < 0 ? pause : longestPause;
        }
    }

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Map<String, Worker> workers;
    private final List<List<Worker>> stopOrder;
    private final Duration grace;
    private final CountDownLatch closing;
    private final AtomicBoolean closeCalled = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread shutdownHook = new Thread(this::close, "process-group-shutdown");

    private ProcessGroup(
            Map<String, Worker> workers, List<List<Worker>> stopOrder, Duration grace, CountDownLatch closing) {
        this.workers = workers;
        this.stopOrder = stopOrder;
        this.grace = grace;
        this.closing = closing;
    }

    /** A group without workers yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the worker of that name is. */
    public State state(String worker) {
        return worker(worker).state();
    }

    /** The process of the worker of that name, if it lives. */
    public Optional<ProcessHandle> process(String worker) {
        return worker(worker).living();
    }

    /** The processes that live now by the name of their worker, in the order in which the workers were added. */
    public Map<String, ProcessHandle> running() {
        Map<String, ProcessHandle> running = new LinkedHashMap<>();
        workers.forEach((name, worker) -> worker.living().ifPresent(process -> running.put(name, process)));
        return running;
    }

    /**
     * Waits until every worker is ready, or has finished.
     *
     * @return false if one was given up or stopped, or if it took too long
     */
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Set<State> states = states();
            if (states.contains(State.GIVEN_UP) || states.contains(State.STOPPED)) {
                return false;
            }
            if (!states.contains(State.PAUSED) && !states.contains(State.STARTING)) {
                return true;
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    private Set<State> states() {
        Set<State> states = EnumSet.noneOf(State.class);
        workers.values().forEach(worker -> states.add(worker.state()));
        return states;
    }

    /** How often workers were started again, all together. */
    public int restarts() {
        return workers.values().stream().mapToInt(Worker::restarts).sum();
    }

    /** Says which worker was given up and why; the first of them when there are several. */
    public Optional<String> givenUp() {
        return workers.values().stream()
                .filter(worker -> worker.state() == State.GIVEN_UP)
                .map(worker -> worker.name() + " " + worker.lastDeath() + ", and was given up")
                .findFirst();
    }

    /**
     * Stops every worker and returns when none lives any more. Called again, it only waits for that. Interrupted, it no
     * longer waits for the grace period but kills at once.
     */
    @Override
    public void close() {
        if (!closeCalled.compareAndSet(false, true)) {
            awaitClosed();
            return;
        }
        closing.countDown();
        for (List<Worker> together : stopOrder) {
            together.forEach(Worker::askToEnd);
            long deadline = System.nanoTime() + grace.toNanos();
            together.forEach(worker -> worker.endBy(deadline));
        }
        closed.countDown();
        forgetShutdownHook();
    }

    private Worker worker(String name) {
        Worker known = workers.get(name);
        if (known == null) {
            throw new IllegalArgumentException("no worker is called " + name + ", only " + workers.keySet());
        }
        return known;
    }

    private ProcessGroup start() {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        workers.values().forEach(Worker::start);
        return this;
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void forgetShutdownHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already: it is the caller, or it will find the group closed.
        }
    }

    /** Collects workers and the few settings, each with a default. */
    public static final class Builder {

        private final Map<String, WorkerSpec> specs = new LinkedHashMap<>();
        private final List<List<String>> added = new ArrayList<>();
        private Policy policy = Policy.DEFAULT;
        private boolean stopInOrder;
        private LineListener lines = (worker, line) -> {};
        private Consumer<String> log = line -> {};
        private Consumer<WorkerEvent> events = event -> {};

        private Builder() {}

        /**
         * Adds a worker.
         *
         * @param name its name in the log, one of its own
         * @param command its program and arguments; for another main class of this program see {@link JavaCommand}
         */
        public Builder worker(String name, List<String> command) {
            return worker(WorkerSpec.of(name, command));
        }

        /** Adds a worker; its name must be one of its own. */
        public Builder worker(WorkerSpec worker) {
            add(List.of(worker));
            return this;
        }

        /**
         * Adds that many workers of a kind, which run side by side as {@code name-0}, {@code name-1} and so on.
         *
         * @param count 0 or more
         */
        public Builder replicas(WorkerSpec worker, int count) {
            add(worker.replicas(count));
            return this;
        }

        private void add(List<WorkerSpec> together) {
            for (WorkerSpec worker : together) {
                if (specs.putIfAbsent(worker.name(), worker) != null) {
                    throw new IllegalArgumentException("there is a worker called " + worker.name() + " already");
                }
            }
            added.add(together.stream().map(WorkerSpec::name).toList());
        }

        /**
         * On close, the workers that were added last end first, all replicas at a time, and those before are asked to end when
         * they are gone. Each gets the whole grace period. By default all are asked at once.
         */
        public Builder stopInOrder() {
            stopInOrder = true;
            return this;
        }

        /** Which ends are followed by another start; {@link Restart#ON_FAILURE} by default. */
        public Builder restart(Restart when) {
            policy = new Policy(when, policy.restarts, policy.firstPause, policy.longestPause, policy.grace);
            return this;
        }

        /** How many failures in a row are followed by another start; 5 by default, 0 for none. */
        public Builder restarts(int restarts) {
            if (restarts < 0) {
                throw new IllegalArgumentException("restarts " + restarts + ": 0 or more");
            }
            policy = new Policy(policy.when, restarts, policy.firstPause, policy.longestPause, policy.grace);
            return this;
        }

        /** The pause after the first failure (200 ms by default) and the longest it grows to (5 s). */
        public Builder backoff(Duration firstPause, Duration longestPause) {
            if (firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
                throw new IllegalArgumentException(
                        "backoff from " + firstPause + " to " + longestPause + ": not negative, and not shrinking");
            }
            policy = new Policy(policy.when, policy.restarts, firstPause, longestPause, policy.grace);
            return this;
        }

        /** How long a worker gets to end after SIGTERM before it is killed; 5 s by default. */
        public Builder grace(Duration grace) {
            policy = new Policy(policy.when, policy.restarts, policy.firstPause, policy.longestPause, grace);
            return this;
        }

        /** Who gets the lines that workers write to standard output; nobody by default. Called again, both do. */
        public Builder onLine(LineListener listener) {
            LineListener before = lines;
            lines = (worker, line) -> {
                before.line(worker, line);
                listener.line(worker, line);
            };
            return this;
        }

        /**
         * Who gets the log: the lines that workers write to standard error and a note for each restart, both as
         * {@code [worker] line}. Nobody by default.
         */
        public Builder onLog(Consumer<String> log) {
            this.log = log;
            return this;
        }

        /** Who hears what happens to workers; nobody by default. */
        public Builder onEvent(Consumer<WorkerEvent> listener) {
            this.events = listener;
            return this;
        }

        /** Starts every worker. One that cannot be started at all has failed, and is treated so. */
        public ProcessGroup start() {
            CountDownLatch closing = new CountDownLatch(1);
            Worker.Listeners listeners = new Worker.Listeners(lines, log, events);
            Map<String, Worker> workers = new LinkedHashMap<>();
            specs.forEach((name, spec) -> workers.put(name, new Worker(spec, policy, listeners, closing)));
            return new ProcessGroup(workers, stopOrder(workers), policy.grace, closing).start();
        }

        private List<List<Worker>> stopOrder(Map<String, Worker> workers) {
            if (!stopInOrder) {
                return List.of(List.copyOf(workers.values()));
            }
            List<List<Worker>> order = new ArrayList<>();
            for (List<String> names : added) {
                order.add(0, names.stream().map(workers::get).toList());
            }
            return order;
        }
    }
}
