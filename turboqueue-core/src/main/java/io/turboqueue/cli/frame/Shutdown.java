package io.turboqueue.cli.frame;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a verb end in good order when the process is told to end (Ctrl-C, SIGTERM): it is asked to stop, and the process
 * waits until it has, but not for ever.
 */
public final class Shutdown implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Runnable stop;
    private @Nullable Thread hook;
    private volatile boolean stopping;

    /** Calls this, once, on another thread, when the process is told to end. */
    public Shutdown(Runnable stop) {
        this.stop = stop;
    }

    /** From now on. */
    public Shutdown start() {
        Thread thread = new Thread(this::stopAndWait, "turboqueue-shutdown");
        Runtime.getRuntime().addShutdownHook(thread);
        hook = thread;
        return this;
    }

    private void stopAndWait() {
        stopping = true;
        stop.run();
        try {
            finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process was told to end. */
    public boolean stopping() {
        return stopping;
    }

    /** The verb is done. */
    @Override
    public void close() {
        finished.countDown();
        Thread started = hook;
        if (started != null && !stopping) {
            try {
                Runtime.getRuntime().removeShutdownHook(started);
            } catch (IllegalStateException endingAlready) {
                return; // the hook runs, and finds that there is nothing to wait for
            }
        }
    }
}
