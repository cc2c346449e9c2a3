package io.turboqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test: nobody hangs for ever, and what one of them throws fails the test. */
final class Crew implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final List<Thread> threads = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "crew");
        threads.add(thread);
        return thread;
    });

    <R> Future<R> start(Callable<R> task) {
        return executor.submit(task);
    }

    /** Runs the same on that many threads at once. */
    <R> List<R> all(int count, IntTask<R> task) throws Exception {
        List<Future<R>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            running.add(start(() -> task.run(number)));
        }
        List<R> results = new ArrayList<>();
        for (Future<R> future : running) {
            results.add(result(future));
        }
        return results;
    }

    interface IntTask<R> {
        R run(int number) throws Exception;
    }

    static <R> R result(Future<R> future) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        } catch (TimeoutException hangs) {
            throw new AssertionError("a thread of the test hangs", hangs);
        }
    }

    /** The thread of the first task. */
    Thread thread() {
        return threads.get(0);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
