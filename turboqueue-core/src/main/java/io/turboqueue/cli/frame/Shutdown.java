package io.turboqueue.cli.frame;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a verb end in good order when the process is told to end (Ctrl-C, SIGTERM): it is asked to stop, and the process
 * waits until it has, but not for ever.
 */
public final class Shutdown implements AutoCloseable {

    private static final long USUAL_PATIENCE_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Runnable stop;
    private final long patienceSeconds;
    private @Nullable Thread hook;
    private volatile boolean stopping;

    /** Calls this, once, on another thread, when the process is told to end, and waits 10 s at most for the verb. */
    public Shutdown(Runnable stop) {
        this(stop, USUAL_PATIENCE_SECONDS);
    }

    private Shutdown(Runnable stop, long patienceSeconds) {
        this.stop = stop;
        this.patienceSeconds = patienceSeconds;
    }

    /** The same, waiting for the verb however long it takes. */
    public static Shutdown patient(Runnable stop) {
        return new Shutdown(stop, Long.MAX_VALUE);
    }

    /** The same without waiting: when the call returns, all is done. */
    public static Shutdown atOnce(Runnable stop) {
        return new Shutdown(stop, 0);
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
            finished.await(patienceSeconds, TimeUnit.SECONDS);
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
