package io.turboqueue;

import io.turboqueue.io.FolderGoneException;
import io.turboqueue.waiting.NanoClock;
import io.turboqueue.waiting.PollingPace;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Claims batches of a queue. Thread-safe.
 *
 * <p>A claimed batch is this process's until it is acked, given back or closed, or until the process dies; other processes
 * then find it within {@code delivery.recoveryInterval}. A process that is alive keeps its claims however long it takes,
 * unless {@code delivery.maxProcessingTime} is set.
 *
 * @param <T> the payload's type
 */
public final class QueueConsumer<T> implements AutoCloseable {

    private static final Duration LONGEST_POLL = Duration.ofDays(36500);

    private final ClaimSource<T> source;
    private final Session session;
    private final String queue;
    private final NanoClock clock;
    private final Runnable onClose;
    private final AtomicLong claimed = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    QueueConsumer(ClaimSource<T> source, QueueContext<T> queue, Runnable onClose) {
        this.source = source;
        this.session = queue.session();
        this.queue = queue.folder().name().text();
        this.clock = session.clocks().nanos();
        this.onClose = onClose;
        session.opened(this);
    }

    /**
     * Claims the next batch: highest priority first, then the one due earliest, approximately so with many consumers. Its
     * rows, bytes and CRC were checked; a damaged one is set aside in {@code dead/} and the next one taken.
     *
     * @param timeout how long to wait for one; zero or less only looks
     * @return empty if there was none in that time, or this consumer was closed meanwhile
     * @throws IOException if the disk fails, or the queue or spool folder is gone
     * @throws InterruptedException if interrupted; nothing is claimed then
     * @throws IllegalStateException after {@link #close}
     */
    public Optional<ClaimedBatch<T>> poll(Duration timeout) throws IOException, InterruptedException {
        if (closed.get()) {
            throw new IllegalStateException("the consumer of queue " + queue + " is closed");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before polling queue " + queue);
        }
        long start = clock.nanoTime();
        long patience = saturatedNanos(timeout);
        for (int looks = 1; ; looks++) {
            long ticket = source.signal().ticket();
            long untilDue = source.promote();
            ClaimedBatch<T> batch = claimUnlessClosed();
            if (batch != null) {
                claimed.incrementAndGet();
                return Optional.of(batch);
            }
            long left = patience - (clock.nanoTime() - start);
            if (left <= 0 || closed.get()) {
                return Optional.empty();
            }
            long pace = PollingPace.nanos(looks, source.signal().watched());
            source.signal().await(ticket, Math.min(left, Math.min(pace, nanosUntil(untilDue))));
        }
    }

    /** The spool's close takes the desk away, perhaps under a poll that is just ending. */
    private @Nullable ClaimedBatch<T> claimUnlessClosed() throws IOException, InterruptedException {
        try {
            return closed.get() ? null : source.tryClaim();
        } catch (FolderGoneException desk) {
            if (closed.get()) {
                return null;
            }
            throw desk;
        }
    }

    private static long saturatedNanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL.toNanos() : timeout.toNanos();
    }

    private static long nanosUntil(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis)); // saturates
    }

    /** Batches claimed so far. */
    public long claimedBatches() {
        return claimed.get();
    }

    /** How often another consumer was first, counted for all consumers this queue object has open. */
    public long lostRaces() {
        return source.lostRaces();
    }

    /** Ends waiting polls. Batches that are claimed stay so until they are closed. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            source.signal().nudge();
            session.closed(this);
            onClose.run();
        }
    }
}
