package io.turboqueue;

import io.turboqueue.time.NanoClock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what keeps workers from working: each trouble once at ERROR with its cause, and again each minute while it lasts.
 * Thread-safe.
 */
final class WorkerErrorLog {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerErrorLog.class);
    private static final long REMINDER_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String queue;
    private final NanoClock clock;
    private String last = "";
    private long lastAt;

    WorkerErrorLog(String queue, NanoClock clock) {
        this.queue = queue;
        this.clock = clock;
    }

    /** Something failed, and is tried again after this pause. */
    void report(Throwable trouble, long pauseMillis) {
        if (isNews(trouble.toString())) {
            LOG.error("workers of queue {} cannot work, tried again until they can", queue, trouble);
        } else {
            LOG.debug("workers of queue {} still cannot work, tried again in {} ms", queue, pauseMillis, trouble);
        }
    }

    private synchronized boolean isNews(String trouble) {
        long now = clock.nanoTime();
        if (trouble.equals(last) && now - lastAt < REMINDER_NANOS) {
            return false;
        }
        last = trouble;
        lastAt = now;
        return true;
    }
}
