package io.turboqueue.examples;

import io.turboqueue.examples.ProcessGroup.LineListener;
import io.turboqueue.examples.ProcessGroup.Policy;
import io.turboqueue.examples.ProcessGroup.Restart;
import io.turboqueue.examples.ProcessGroup.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

    /** Where the lines go that the worker writes. */
    record Output(LineListener lines, Consumer<String> log) {}

    private final String name;
    private final List<String> command;
    private final Policy policy;
    private final Output output;
    private final CountDownLatch closing;
    private final Thread thread;
    private final AtomicInteger restarts = new AtomicInteger();
    private volatile State state = State.PAUSED;
    private volatile String lastDeath = "";
    private volatile @Nullable Process process;
    private int failuresInARow;

    Worker(String name, List<String> command, Policy policy, Output output, CountDownLatch closing) {
        this.name = name;
        this.command = command;
        this.policy = policy;
        this.output = output;
        this.closing = closing;
        this.thread = daemon("process-group-" + name, this::live);
    }

    String name() {
        return name;
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
                    kill(current);
                }
            } catch (InterruptedException noMoreGrace) {
                interrupted = true;
                kill(current);
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
                if (closing.await(policy.pause(failuresInARow).toNanos(), TimeUnit.NANOSECONDS)) {
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
            return afterFailure("cannot be started: " + cannotStart.getMessage());
        }
        if (Duration.ofNanos(System.nanoTime() - born).compareTo(PROVEN) >= 0) {
            failuresInARow = 0;
        }
        return afterExit(status);
    }

    /** Starts the process, or none when the group is being closed. */
    private synchronized @Nullable Process launch() throws IOException {
        if (closing.getCount() == 0) {
            return null;
        }
        Process launched = new ProcessBuilder(command).start();
        process = launched;
        state = State.RUNNING;
        return launched;
    }

    private int watch(Process launched) throws InterruptedException {
        Thread out = pump(launched.getInputStream(), line -> output.lines.line(name, line));
        Thread err = pump(launched.getErrorStream(), this::log);
        int status = launched.waitFor();
        join(out, LAST_LINES);
        join(err, LAST_LINES);
        return status;
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
            failuresInARow = 0;
            return true;
        }
        return afterFailure(status == 0 ? "ended though it should run always" : "failed with exit status " + status);
    }

    private boolean afterFailure(String death) {
        failuresInARow++;
        lastDeath = failuresInARow == 1 ? death : death + ", " + failuresInARow + " times in a row";
        if (policy.when() == Restart.NEVER || failuresInARow > policy.restarts()) {
            log("was given up: " + lastDeath);
            state = State.GIVEN_UP;
            return false;
        }
        return true;
    }

    private void log(String line) {
        output.log.accept("[" + name + "] " + line);
    }

    private Thread pump(InputStream stream, Consumer<String> sink) {
        Thread pump = daemon("process-group-" + name + "-lines", () -> pumpLines(stream, sink));
        pump.start();
        return pump;
    }

    private static void pumpLines(InputStream stream, Consumer<String> sink) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().forEach(sink);
        } catch (IOException | UncheckedIOException pipeClosed) {
            // the process is gone, and with it the rest of its last line
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
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
