package io.turboqueue;

import io.turboqueue.layout.QueueName;
import io.turboqueue.time.NanoClock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of messages of one queue that fail, with what they failed with: of the first at once, then of one in ten seconds at most,
 * saying how many others there were. Thread-safe.
 */
final class FailureLog {

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final QueueName queue;
    private final NanoClock clock;
    private long nextAt;
    private long unsaid;

    FailureLog(QueueName queue, NanoClock clock) {
        this.queue = queue;
        this.clock = clock;
        this.nextAt = clock.nanoTime();
    }

    /** A message failed with an error that can be read. */
    void failed(Message<?> message, Throwable error) {
        long others = othersOrSilence();
        if (others == 0) {
            LOG.warn("queue {}: message {} of batch {} failed", queue, message.id(), message.batchId(), error);
        } else if (others > 0) {
            LOG.warn(
                    "queue {}: message {} of batch {} failed, and {} others since the last such line",
                    queue,
                    message.id(),
                    message.batchId(),
                    others,
                    error);
        } else {
            LOG.debug("queue {}: message {} of batch {} failed", queue, message.id(), message.batchId(), error);
        }
    }

    /** How many were not warned of, if it is time to warn again; else -1. */
    private synchronized long othersOrSilence() {
        long now = clock.nanoTime();
        if (now - nextAt < 0) {
            unsaid++;
            return -1;
        }
        long others = unsaid;
        unsaid = 0;
        nextAt = now + PAUSE_NANOS;
        return others;
    }
}
