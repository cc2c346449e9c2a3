package io.turboqueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something when the JVM ends, from when it is installed until it is closed. Thread-safe. */
final class ShutdownHook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownHook.class);

    private final Thread thread;

    /** For this task. */
    ShutdownHook(Runnable task) {
        thread = new Thread(task, "turboqueue-shutdown");
        thread.setContextClassLoader(null); // an application that is undeployed must not stay in memory for it
    }

    /** From now on, unless the JVM is ending already. */
    void install() {
        try {
            Runtime.getRuntime().addShutdownHook(thread);
        } catch (IllegalStateException endingAlready) {
            LOG.warn("a spool was opened while the JVM ends, so that will not close it");
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException endingAlready) {
            LOG.debug("the JVM ends, and its hooks run");
        }
    }

    /** Whether a thread has called {@link System#exit}, from which nobody returns. */
    static boolean isCalledBy(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals("java.lang.Shutdown")) {
                return true;
            }
        }
        return false;
    }
}
