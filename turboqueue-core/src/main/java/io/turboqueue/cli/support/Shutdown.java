package io.turboqueue.cli.support;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a verb end in good order when the process is asked to end (Ctrl-C, SIGTERM, SIGHUP): it is asked to stop, and the
 * process waits until this is closed, but not for ever. So it is opened before anything else, and closed after it. The exit
 * code is then 128 and the signal's number, whatever the verb returns.
 */
public final class Shutdown implements AutoCloseable {

    private static final long USUAL_PATIENCE_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final long patienceSeconds;
    private final Thread hook;
    private @Nullable Runnable stop;
    private volatile boolean stopping;

    private Shutdown(long patienceSeconds) {
        this.patienceSeconds = patienceSeconds;
        this.hook = new Thread(this::stopAndWait, "turboqueue-shutdown");
    }

    /** From now on: waits 10 s at most for the verb. */
    public static Shutdown start() {
        return started(USUAL_PATIENCE_SECONDS);
    }

    /** The same, waiting for the verb however long it takes. */
    public static Shutdown patient() {
        return started(Long.MAX_VALUE);
    }

    /** The same without waiting for the verb: when what is called at {@link #onStop} returns, all is done. */
    public static Shutdown atOnce() {
        return started(0);
    }

    private static Shutdown started(long patienceSeconds) {
        Shutdown shutdown = new Shutdown(patienceSeconds);
        try {
            Runtime.getRuntime().addShutdownHook(shutdown.hook);
        } catch (IllegalStateException endingAlready) {
            shutdown.neverReturn();
        }
        return shutdown;
    }

    /** The process ends already, so nothing more is begun. */
    private void neverReturn() {
        while (finished.getCount() > 0) {
            try {
                finished.await();
            } catch (InterruptedException goOn) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What ends the verb's work; called once, on another thread, when the process is asked to end, or now if it was. */
    public void onStop(Runnable action) {
        boolean now;
        synchronized (this) {
            stop = action;
            now = stopping;
        }
        if (now) {
            action.run();
        }
    }

    private void stopAndWait() {
        Runnable action;
        synchronized (this) {
            stopping = true;
            action = stop;
        }
        if (action != null) {
            action.run();
        }
        long patience = action == null ? USUAL_PATIENCE_SECONDS : patienceSeconds; // it is still being set up
        try {
            finished.await(patience, TimeUnit.SECONDS);
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process was told to end. */
    public boolean stopping() {
        return stopping;
    }

    /** The verb is done, and has given back everything that it held. */
    @Override
    public void close() {
        finished.countDown();
        if (!stopping) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endingAlready) {
                return; // the hook runs, and finds that there is nothing to wait for
            }
        }
    }
}
