package io.turboqueue;

import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.time.NanoClock;
import io.turboqueue.waiting.PollBackoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims batches of a queue. Thread-safe.
 *
 * <p>A claimed batch belongs to this process until it is acked, given back or closed, or until the process dies. Other
 * processes find the batches of a dead one within {@code delivery.recoveryInterval}. A live process keeps its claims
 * for as long as it needs, unless {@code delivery.maxProcessingTime} is set.
 *
 * @param <T> the payload's type
 */
public final class QueueConsumer<T> implements AutoCloseable {

    private static final long AT_THE_END_MILLIS = 100;
    private static final Duration MAX_POLL = Duration.ofDays(36500);

    private final ClaimSource<T> source;
    private final Session session;
    private final String queue;
    private final NanoClock clock;
    private final Runnable onClose;
    private final AtomicLong claimed = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock takingMessages = new ReentrantLock();
    private volatile @Nullable MessageClaims<T> messages; // those being handed out one by one

    QueueConsumer(ClaimSource<T> source, QueueContext<T> queue, Runnable onClose) {
        this.source = source;
        this.session = queue.session();
        this.queue = queue.folder().name().text();
        this.clock = session.clocks().nanos();
        this.onClose = onClose;
        session.opened(this);
    }

    /**
     * Claims the next batch: the highest priority first, then the earliest due time, in approximate order if there are
     * many consumers. Its rows, bytes and CRC are checked first; a damaged batch is set aside in {@code dead/}, and the
     * next one is claimed.
     *
     * @param timeout how long to wait for a batch; zero or less looks once and does not wait
     * @return the batch, to be closed; empty if none came in that time, this consumer was closed meanwhile, or the JVM
     *     is ending
     * @throws IOException if the disk fails, or the folder of the queue or spool no longer exists
     * @throws InterruptedException if the thread is interrupted; nothing is claimed
     * @throws IllegalStateException if this consumer is closed
     */
    public Optional<ClaimedBatch<T>> poll(Duration timeout) throws IOException, InterruptedException {
        requireOpen();
        return poll(timeout, this::isClosed);
    }

    /** The same for a caller that ends with this consumer: after {@link #close} it returns at once, whether or not the JVM ends. */
    Optional<ClaimedBatch<T>> pollUntilClosed(Duration timeout) throws IOException, InterruptedException {
        return poll(timeout, closed::get);
    }

    private Optional<ClaimedBatch<T>> poll(Duration timeout, BooleanSupplier over)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before polling queue " + queue);
        }
        long start = clock.nanoTime();
        long patience = saturatedNanos(timeout);
        for (int looks = 1; ; looks++) {
            long ticket = source.signal().ticket();
            long untilDue = source.promote();
            ClaimedBatch<T> batch = claimUnlessClosed(patience - (clock.nanoTime() - start));
            if (batch != null) {
                claimed.incrementAndGet();
                return Optional.of(batch);
            }
            long left = patience - (clock.nanoTime() - start);
            if (left <= 0 || over.getAsBoolean()) {
                return Optional.empty();
            }
            long pace = PollBackoff.nanos(looks, source.signal().watched());
            source.signal().await(ticket, Math.min(left, Math.min(pace, nanosUntil(untilDue))));
        }
    }

    /** The end of the JVM closes consumers too, but a thread that polls in a loop just finds nothing more until it dies. */
    private boolean isClosed() {
        return closed.get() && !session.isQuiet();
    }

    /**
     * Claims the next batch, and waits without a limit until there is one. Otherwise like {@link #poll}.
     *
     * @return the batch, to be closed; never null
     * @throws IOException if the disk fails, or the folder of the queue or spool no longer exists
     * @throws InterruptedException if the thread is interrupted; nothing is claimed
     * @throws IllegalStateException if this consumer is closed, also while waiting
     */
    public ClaimedBatch<T> take() throws IOException, InterruptedException {
        while (true) {
            Optional<ClaimedBatch<T>> batch = poll(MAX_POLL);
            if (batch.isPresent()) {
                return batch.get();
            }
            requireOpen();
            if (closed.get()) {
                Thread.sleep(AT_THE_END_MILLIS); // the JVM ends
            }
        }
    }

    /**
     * Takes a single message, for code that handles one message at a time. Each message has its own ack, which costs a
     * rename. The consumer claims a whole batch and gives its messages to whichever thread polls, until none are left.
     * It holds the rest of the batch even while no thread polls, so keep batches small where that matters. After
     * {@link #close} the rest of the batch goes back once the messages taken so far are settled.
     *
     * @param timeout how long to wait for a message; zero or less looks once and does not wait
     * @return the message, to be closed; empty if none came in that time, or this consumer was closed meanwhile
     * @throws IOException if the disk fails, or the folder of the queue or spool no longer exists
     * @throws InterruptedException if the thread is interrupted; nothing is taken
     * @throws IllegalStateException if this consumer is closed
     */
    public Optional<ClaimedMessage<T>> pollMessage(Duration timeout) throws IOException, InterruptedException {
        requireOpen();
        long start = clock.nanoTime();
        long patience = saturatedNanos(timeout);
        Optional<ClaimedMessage<T>> next = nextMessage();
        if (next.isPresent() || !takingMessages.tryLock(patience, TimeUnit.NANOSECONDS)) {
            return next;
        }
        try {
            next = nextMessage();
            if (next.isPresent() || closed.get()) {
                return next;
            }
            Optional<ClaimedBatch<T>> batch = poll(Duration.ofNanos(patience - (clock.nanoTime() - start)));
            if (batch.isPresent()) {
                MessageClaims<T> claims = new MessageClaims<>(batch.get());
                messages = claims; // first: what it does not hand out goes back with the others
                next = claims.next();
            }
            return next;
        } finally {
            takingMessages.unlock();
        }
    }

    private Optional<ClaimedMessage<T>> nextMessage() throws IOException {
        MessageClaims<T> claims = messages;
        return claims == null ? Optional.empty() : claims.next();
    }

    /** The spool's close takes the owner directory away, perhaps under a poll that is just ending. */
    private @Nullable ClaimedBatch<T> claimUnlessClosed(long nanos) throws IOException, InterruptedException {
        try {
            return closed.get() || session.isQuiet() ? null : source.tryClaim(nanos, closed::get);
        } catch (FolderGoneException owner) {
            if (closed.get()) {
                return null;
            }
            throw owner;
        }
    }

    private void requireOpen() {
        if (isClosed()) {
            throw new IllegalStateException("the consumer of queue " + queue + " is closed");
        }
    }

    private static long saturatedNanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.compareTo(MAX_POLL) > 0 ? MAX_POLL.toNanos() : timeout.toNanos();
    }

    private static long nanosUntil(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis)); // saturates
    }

    /**
     * The number of batches that this consumer has claimed.
     *
     * @return 0 or more
     */
    public long claimedBatches() {
        return claimed.get();
    }

    /**
     * How often another consumer claimed a batch first, counted for all consumers that were opened from the same
     * {@link TurboQueue}.
     *
     * @return 0 or more
     */
    public long claimConflicts() {
        return source.claimConflicts();
    }

    /**
     * Closes the consumer and ends polls that wait. Batches that are claimed stay claimed until they are closed. A
     * second call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            source.signal().wakeUp();
            session.closed(this);
            onClose.run();
            stopMessages();
        }
    }

    private void stopMessages() {
        takingMessages.lock(); // a poll that waits has been woken
        try {
            MessageClaims<T> claims = messages;
            if (claims != null) {
                claims.stop();
            }
        } finally {
            takingMessages.unlock();
        }
    }
}
