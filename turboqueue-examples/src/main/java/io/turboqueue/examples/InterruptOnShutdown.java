package io.turboqueue.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes Ctrl-C and SIGTERM an interrupt of the thread that opened it, and lets that thread tidy up before the JVM ends:
 * the shutdown waits until this is closed.
 */
public final class InterruptOnShutdown implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration patience;
    private final Thread hook;
    private volatile boolean given;
    private volatile @Nullable Integer status;

    private InterruptOnShutdown(Thread worker, Duration patience) {
        this.patience = patience;
        this.hook = new Thread(() -> interrupt(worker), "interrupt-on-shutdown");
    }

    /**
     * Begins, for the calling thread.
     *
     * @param patience how long tidying up may take; then the JVM ends without it
     */
    public static InterruptOnShutdown open(Duration patience) {
        InterruptOnShutdown open = new InterruptOnShutdown(Thread.currentThread(), patience);
        Runtime.getRuntime().addShutdownHook(open.hook);
        return open;
    }

    /** Whether the JVM is about to end. What fails from now on may have failed for that reason. */
    public boolean given() {
        return given;
    }

    /** The JVM's exit status if a signal ends it; without this it is 128 and the signal's number. */
    public void exitStatus(int exitStatus) {
        status = exitStatus;
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

    private void interrupt(Thread worker) {
        given = true;
        worker.interrupt();
        try {
            boolean tidy = closed.await(patience.toNanos(), TimeUnit.NANOSECONDS);
            Integer asked = status;
            if (tidy && asked != null) {
                System.out.flush();
                System.err.flush();
                Runtime.getRuntime().halt(asked); // an exit would wait for this hook
            }
        } catch (InterruptedException endNow) {
            Thread.currentThread().interrupt();
        }
    }
}
