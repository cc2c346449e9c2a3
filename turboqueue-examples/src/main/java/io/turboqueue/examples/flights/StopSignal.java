package io.turboqueue.examples.flights;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Tells a worker to end after the work at hand: on SIGTERM or Ctrl-C, and when standard input ends, which it does when
 * the process that started the worker is gone.
 */
final class StopSignal {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Thread worker;
    private volatile boolean given;

    private StopSignal(Thread worker) {
        this.worker = worker;
    }

    /**
     * Listens from now on.
     *
     * @param worker the thread that is to end; when it has not done so after a while, the JVM ends without it
     */
    static StopSignal listenFor(Thread worker) {
        StopSignal signal = new StopSignal(worker);
        Runtime.getRuntime().addShutdownHook(new Thread(signal::stopWorker, "stop-at-shutdown"));
        Thread orphaned = new Thread(signal::haltWhenOrphaned, "stop-when-orphaned");
        orphaned.setDaemon(true);
        orphaned.start();
        return signal;
    }

    boolean given() {
        return given;
    }

    private void stopWorker() {
        given = true;
        try {
            worker.join(PATIENCE.toMillis());
        } catch (InterruptedException stopNow) {
            Thread.currentThread().interrupt();
        }
    }

    private void haltWhenOrphaned() {
        try {
            waitForEnd(System.in);
            stopWorker();
        } finally {
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
