package io.turboqueue.examples;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Tells a worker to end after the work at hand: on SIGTERM or Ctrl-C, and when standard input ends, which it does when
 * the process that started the worker is gone. Then nobody is left to end what the worker itself has started, so that ends
 * with it.
 */
public final class StopSignal {

    private final Thread worker;
    private final Duration patience;
    private volatile boolean given;

    private StopSignal(Thread worker, Duration patience) {
        this.worker = worker;
        this.patience = patience;
    }

    /**
     * Listens from now on.
     *
     * @param worker the thread that is to end
     * @param patience how long it may take for that; then the JVM ends without it
     */
    public static StopSignal listenFor(Thread worker, Duration patience) {
        StopSignal signal = new StopSignal(worker, patience);
        Runtime.getRuntime().addShutdownHook(new Thread(signal::stopWorker, "stop-at-shutdown"));
        Thread orphaned = new Thread(signal::haltWhenOrphaned, "stop-when-orphaned");
        orphaned.setDaemon(true);
        orphaned.start();
        return signal;
    }

    /** Whether it is time to end. */
    public boolean given() {
        return given;
    }

    private void stopWorker() {
        given = true;
        if (isEndingTheJvm()) {
            return; // it called System.exit, and waits for this to end
        }
        try {
            worker.join(patience.toMillis());
        } catch (InterruptedException stopNow) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isEndingTheJvm() {
        return Stream.of(worker.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Runtime.class.getName())
                        && frame.getMethodName().equals("exit"));
    }

    private void haltWhenOrphaned() {
        try {
            waitForEnd(System.in);
            stopWorker();
        } finally {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void waitForEnd(InputStream input) {
        try {
            while (input.read() >= 0) {
                // nobody sends anything that would matter
            }
        } catch (IOException ended) {
            // as good as its end
        }
    }
}
