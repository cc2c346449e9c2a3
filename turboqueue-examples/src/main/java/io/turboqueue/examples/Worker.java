package io.turboqueue.examples;

import io.turboqueue.examples.ProcessGroup.LineListener;
import io.turboqueue.examples.ProcessGroup.Policy;
import io.turboqueue.examples.ProcessGroup.Restart;
import io.turboqueue.examples.ProcessGroup.State;
import io.turboqueue.examples.WorkerSpec.Meaning;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One worker of a {@link ProcessGroup} over all its lives. A thread of its own starts a process, waits for its end,
 * decides what follows, and pauses before the next life.
 */
final class Worker {

    private static final Duration PROVEN = Duration.ofSeconds(10);
    /** SIGINT, SIGKILL and SIGTERM as the exit status that Java reports for them. */
    private static final Set<Integer> STOPPED_FROM_OUTSIDE = Set.of(128 + 2, 128 + 9, 128 + 15);
    /** A process that the worker left behind may hold its pipes open, so nobody waits for their end for ever. */
    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    /** Who hears of a worker. */
    record Listeners(LineListener lines, Consumer<String> log, Consumer<WorkerEvent> events) {}

    private final WorkerSpec spec;
    private final Policy policy;
    private final Listeners listeners;
    private final CountDownLatch closing;
    private final Thread thread;
    private final AtomicInteger restarts = new AtomicInteger();
    private volatile State state = State.PAUSED;
    private volatile String lastDeath = "";
    private volatile @Nullable Process process;
    private volatile Offspring offspring = new Offspring();
    private int endsInARow;
    /** Of those that count; set to 0 by the thread that reads the lines, too. */
    private final AtomicInteger failuresInARow = new AtomicInteger();

    private volatile boolean risky;

    /** One worker, without replicas. */
    Worker(WorkerSpec spec, Policy policy, Listeners listeners, CountDownLatch closing) {
        this.spec = spec;
        this.policy = policy;
        this.listeners = listeners;
        this.closing = closing;
        this.thread = daemon("process-group-" + spec.name(), this::live);
    }

    String name() {
        return spec.name();
    }

    State state() {
        return state;
    }

    int restarts() {
        return restarts.get();
    }

    String lastDeath() {
        return lastDeath;
    }

    Optional<ProcessHandle> living() {
        Process current = process;
        return current != null && current.isAlive() ? Optional.of(current.toHandle()) : Optional.empty();
    }

    void start() {
        thread.start();
    }

    /** After the group began to close: no process is started from now on, and the one that lives gets SIGTERM. */
    synchronized void askToEnd() {
        // Not Process.destroy: it closes the pipes as well, and the last lines would be lost.
        living().ifPresent(ProcessHandle::destroy);
    }

    /** Waits until {@code deadline} in nano time, then kills; returns when no process is left and the state is final. */
    void endBy(long deadline) {
        boolean interrupted = false;
        Process current = process;
        if (current != null) {
            try {
                if (!current.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    offspring.killWith(current);
                }
            } catch (InterruptedException noMoreGrace) {
                interrupted = true;
                offspring.killWith(current);
            }
        }
        join(thread, LAST_LINES.multipliedBy(3));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        try {
            while (liveOnce()) {
                state = State.PAUSED;
                Duration pause = policy.pause(endsInARow);
                tell(WorkerEvent.Kind.PAUSED, "for " + pause.toMillis() + " ms: " + lastDeath);
                if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    break;
                }
                restarts.incrementAndGet();
                log("was started again: " + lastDeath);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (state == State.PAUSED) {
            state = State.STOPPED;
        }
    }

    /** One life; returns whether there is to be another. */
    private boolean liveOnce() throws InterruptedException {
        long born = System.nanoTime();
        int status;
        try {
            Process launched = launch();
            if (launched == null) {
                return false;
            }
            status = watch(launched);
        } catch (IOException cannotStart) {
            endsInARow++;
            return afterFailure("cannot be started: " + cannotStart.getMessage());
        }
        if (Duration.ofNanos(System.nanoTime() - born).compareTo(PROVEN) >= 0) {
            endsInARow = 0;
            failuresInARow.set(0);
        }
        endsInARow++;
        tell(WorkerEvent.Kind.ENDED, "with exit status " + status);
        return afterExit(status);
    }

    /** Starts the process, or none when the group is being closed. */
    private synchronized @Nullable Process launch() throws IOException {
        if (closing.getCount() == 0) {
            return null;
        }
        ProcessBuilder builder = new ProcessBuilder(spec.command());
        if (spec.folder() != null) {
            builder.directory(spec.folder().toFile());
        }
        builder.environment().putAll(spec.environment());
        offspring = new Offspring();
        offspring.mark(builder.environment());
        Process launched = builder.start();
        process = launched;
        state = State.STARTING;
        tell(WorkerEvent.Kind.STARTED, "");
        risky = false;
        if (spec.meaning() == null) {
            becomeReady();
        }
        return launched;
    }

    private void becomeReady() {
        state = State.RUNNING;
        tell(WorkerEvent.Kind.READY, "");
    }

    private int watch(Process launched) throws InterruptedException {
        Thread out = pump(launched.getInputStream(), this::heard);
        Thread err = pump(launched.getErrorStream(), this::log);
        int status = launched.waitFor();
        offspring.kill();
        join(out, LAST_LINES);
        join(err, LAST_LINES);
        return status;
    }

    private void heard(String line) {
        Function<String, Meaning> meaning = spec.meaning();
        if (meaning != null) {
            understood(meaning.apply(line));
        }
        listeners.lines.line(name(), line);
    }

    private void understood(Meaning said) {
        if (said == Meaning.NOTHING) {
            return;
        }
        if (state == State.STARTING) {
            becomeReady();
        }
        if (said == Meaning.PROGRESS) {
            failuresInARow.set(0);
        }
        risky = said == Meaning.RISKY;
    }

    private boolean afterExit(int status) {
        if (closing.getCount() == 0) {
            state = State.STOPPED;
            return false;
        }
        if (status == 0 && policy.when() != Restart.ALWAYS) {
            state = State.FINISHED;
            return false;
        }
        if (policy.when() != Restart.NEVER && STOPPED_FROM_OUTSIDE.contains(status)) {
            lastDeath = "it was stopped from outside (exit status " + status + ")";
            return true;
        }
        if (policy.when() != Restart.NEVER && risky) {
            lastDeath = "died at what had killed it before (exit status " + status + ")";
            return true;
        }
        return afterFailure(status == 0 ? "ended though it should run always" : "failed with exit status " + status);
    }

    private boolean afterFailure(String death) {
        int failures = failuresInARow.incrementAndGet();
        lastDeath = failures == 1 ? death : death + ", " + failures + " times in a row";
        if (policy.when() == Restart.NEVER || failures > policy.restarts()) {
            log("was given up: " + lastDeath);
            state = State.GIVEN_UP;
            tell(WorkerEvent.Kind.GIVEN_UP, lastDeath);
            return false;
        }
        return true;
    }

    private void log(String line) {
        listeners.log.accept("[" + name() + "] " + line);
    }

    private void tell(WorkerEvent.Kind kind, String detail) {
        Process current = process;
        boolean between = kind == WorkerEvent.Kind.PAUSED || kind == WorkerEvent.Kind.GIVEN_UP;
        long pid = current == null || between ? -1 : current.pid();
        listeners.events.accept(new WorkerEvent(name(), kind, pid, detail));
    }

    private Thread pump(InputStream stream, Consumer<String> sink) {
        Thread pump = daemon("process-group-" + name() + "-lines", () -> LinePump.run(stream, sink));
        pump.start();
        return pump;
    }

    /** Joins without being interruptible: whoever closes the group wants it closed. */
    private static void join(Thread thread, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        while (thread.isAlive() && deadline - System.nanoTime() > 0) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
