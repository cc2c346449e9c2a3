package io.turboqueue.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C and SIGTERM an interrupt of the thread that opened it, and lets that thread tidy up before the JVM ends:
 * the shutdown waits until this is closed.
 */
public final class InterruptOnShutdown implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    private InterruptOnShutdown(Thread worker) {
        this.hook = new Thread(() -> interrupt(worker), "interrupt-on-shutdown");
    }

    /** Begins, for the calling thread. */
    public static InterruptOnShutdown open() {
        InterruptOnShutdown open = new InterruptOnShutdown(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(open.hook);
        return open;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // which is what was waiting for this
        }
    }

    @SuppressWarnings("ReturnValueIgnored") // after that the JVM ends in any case
    private void interrupt(Thread worker) {
        worker.interrupt();
        try {
            closed.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException endNow) {
            Thread.currentThread().interrupt();
        }
    }
}
