package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.directory.BatchIds;
import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.ReadyRoom;
import io.turboqueue.directory.State;
import io.turboqueue.directory.SteadyClock;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to a queue, in batches. Thread-safe; the fast way is one producer a thread.
 *
 * <p>{@link #send} buffers. Messages are accepted by the queue when their batch is published: when it has
 * {@code batch.maxMessages} or {@code batch.maxBytes}, when its first message has waited for {@code batch.linger}, or at
 * {@link #flush} and {@link #close}. What was published survives the death of this and any other process, and with
 * {@link Durability#POWER} a power cut; what was only sent dies with the process. Messages of one priority and without
 * delay are delivered in the order sent within their batch, and their batches are published in that order.
 *
 * <p>When publishing fails (the disk is full, say) the messages stay in the buffer, not yet accepted, and the next
 * {@code send}, {@code flush} or linger tries again. Only a full buffer that cannot be published makes {@code send} fail, and then just
 * that message was not accepted.
 *
 * @param <T> the payload's type
 */
public final class QueueProducer<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueProducer.class);
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int LANES_FACTOR = 2;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final QueueContext<T> queue;
    private final int maxMessages;
    private final long maxBytes;
    private final Backpressure backpressure;
    private final BatchIds ids = new BatchIds();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roomMayBe = lock.newCondition();
    private final Map<Lane, OpenBatch> open = new LinkedHashMap<>();
    private final Set<State> made = EnumSet.noneOf(State.class);
    private boolean lingerScheduled;
    private long buffered;
    private boolean closed;
    private volatile boolean stopWaiting;
    private boolean lingerFailing;
    private final AtomicLong publishedMessages = new AtomicLong();
    private final AtomicLong publishedBatches = new AtomicLong();
    private final AtomicLong droppedMessages = new AtomicLong();

    /** Messages that may share a batch: of one priority, due at one time; 0 is at once. */
    private record Lane(int priority, long dueMillis) {
        static final Lane DEFAULT = new Lane(BatchName.DEFAULT_PRIORITY, 0);

        boolean isDelayed() {
            return dueMillis > 0;
        }

        OutgoingBatch.Target target(SteadyClock clock) {
            return isDelayed()
                    ? new OutgoingBatch.Target(State.LATER, priority, dueMillis, 0)
                    : new OutgoingBatch.Target(State.READY, priority, clock.millis(), 0);
        }
    }

    /** A batch being filled, and since when. */
    private record OpenBatch(OutgoingBatch batch, long openedNanos) {}

    QueueProducer(QueueContext<T> queue) {
        this.queue = queue;
        this.maxMessages = queue.config().batchMaxMessages();
        this.maxBytes = queue.config().batchMaxBytes();
        ReadyRoom.Limit limit = new ReadyRoom.Limit(
                queue.config().maxReadyBatches(), queue.config().maxReadyBytes().orElse(Long.MAX_VALUE));
        this.backpressure = new Backpressure(
                queue.folder().name(),
                queue.config(),
                new ReadyRoom(
                        queue.session().disk(),
                        queue.folder(),
                        limit,
                        queue.session().clocks().nanos()),
                queue.session().clocks().nanos());
        queue.session().opened(this);
    }

    /**
     * Buffers a message.
     *
     * @throws IllegalArgumentException if it is larger than {@code batch.maxBytes}
     * @throws QueueFullException if the buffer and the queue are full
     * @throws IOException if the payload cannot be encoded, or the buffer is full and cannot be published
     * @throws InterruptedException if interrupted while waiting for room
     * @throws IllegalStateException after {@link #close}
     */
    public void send(T payload) throws IOException, InterruptedException {
        StoredMessage message = encode(payload, SendOptions.create());
        enqueue(Lane.DEFAULT, message);
    }

    /** The same with key, headers, priority or delay. */
    public void send(T payload, SendOptions options) throws IOException, InterruptedException {
        StoredMessage message = encode(payload, options);
        long due = options.delay().isZero() ? 0 : dueAfter(options.delay().toMillis());
        enqueue(new Lane(options.priority(), due), message);
    }

    private StoredMessage encode(T payload, SendOptions options) throws IOException {
        Objects.requireNonNull(payload, "payload must not be null");
        byte[] bytes = queue.codec().encode(payload);
        long time = options.timeMillis(queue.session().clocks().stamps());
        StoredMessage message = new StoredMessage(
                time, options.key(), options.headersJson(), bytes, queue.codec().text(bytes));
        if (message.weight() > maxBytes) {
            throw new IllegalArgumentException("message of " + message.weight() + " bytes is too large for queue "
                    + queue.folder().name() + ": at most batch.maxBytes = " + maxBytes + " bytes are allowed");
        }
        return message;
    }

    /** Rounded up to a multiple of the linger time, so that delayed messages share batches. */
    private long dueAfter(long delayMillis) {
        long grain = Math.max(1, queue.config().batchLinger().toMillis());
        long exact = queue.session().clocks().wall().millis() + delayMillis;
        return Math.floorDiv(exact + grain - 1, grain) * grain;
    }

    private void enqueue(Lane lane, StoredMessage message) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            OpenBatch current = open.get(lane);
            while (current != null && !hasRoom(current.batch, message)) {
                publishWhenRoom(lane, current);
                requireOpen();
                current = open.get(lane);
            }
            OpenBatch target = current == null ? open(lane) : current;
            target.batch.add(message);
            buffered += message.weight();
            publishAhead(lane, target);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(OutgoingBatch batch, StoredMessage message) {
        return batch.rows() < maxMessages && batch.weight() + message.weight() <= maxBytes;
    }

    private boolean isFull(OutgoingBatch batch) {
        return batch.rows() >= maxMessages || batch.weight() >= maxBytes;
    }

    private OpenBatch open(Lane lane) {
        OpenBatch opened = new OpenBatch(
                queue.newBatch(ids), queue.session().clocks().nanos().nanoTime());
        open.put(lane, opened);
        scheduleLinger(queue.config().batchLinger().toNanos());
        return opened;
    }

    /**
     * Publishes what is full. The message is accepted already, so a failure now is left to the next call, which meets the
     * same full batch.
     */
    private void publishAhead(Lane lane, OpenBatch current) {
        try {
            if (isFull(current.batch)) {
                publishWhenRoom(lane, current);
            } else if (buffered > LANES_FACTOR * maxBytes) {
                publishLargest();
            }
        } catch (InterruptedException later) {
            Thread.currentThread().interrupt();
        } catch (IOException later) {
            LOG.debug(
                    "queue {}: a full batch stays buffered: {}", queue.folder().name(), later.toString());
        }
    }

    /** Many delays make many batches at once; together they take no more memory than two full ones. */
    private void publishLargest() throws IOException, InterruptedException {
        Lane largest = Lane.DEFAULT;
        long weight = -1;
        for (Map.Entry<Lane, OpenBatch> entry : open.entrySet()) {
            if (entry.getValue().batch.weight() > weight) {
                largest = entry.getKey();
                weight = entry.getValue().batch.weight();
            }
        }
        OpenBatch batch = open.get(largest);
        if (batch != null) {
            publishWhenRoom(largest, batch);
        }
    }

    /** Waits for room without holding the lock; somebody else may publish the batch meanwhile. */
    private void publishWhenRoom(Lane lane, OpenBatch opened) throws IOException, InterruptedException {
        Backpressure.Patience patience = backpressure.patience();
        while (opened.equals(open.get(lane))) {
            Backpressure.Verdict verdict = verdict(lane, opened);
            if (verdict != Backpressure.Verdict.WAIT) {
                publish(lane, opened, verdict);
                return;
            }
            if (stopWaiting) {
                throw backpressure.full();
            }
            roomMayBe.awaitNanos(patience.nextNanos());
        }
    }

    /** Only what is claimable at once counts against the queue's room. */
    private Backpressure.Verdict verdict(Lane lane, OpenBatch opened) throws IOException {
        return lane.isDelayed() ? Backpressure.Verdict.PUBLISH : backpressure.now(opened.batch.weight());
    }

    /**
     * Publishes everything sent so far; it is accepted when this returns, or dropped if the queue is full and its settings
     * say so.
     *
     * @throws QueueFullException if the queue is full
     * @throws IOException if publishing failed; what is not published is still buffered
     * @throws InterruptedException if interrupted while waiting for room; likewise
     * @throws IllegalStateException after {@link #close}
     */
    public void flush() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            publishAll(this::publishWhenRoom);
        } finally {
            lock.unlock();
        }
    }

    private interface Publishing {
        void publish(Lane lane, OpenBatch opened) throws IOException, InterruptedException;
    }

    /** A batch that cannot be published keeps none of the others from it. */
    private void publishAll(Publishing publishing) throws IOException, InterruptedException {
        IOException failure = null;
        for (Map.Entry<Lane, OpenBatch> entry : List.copyOf(open.entrySet())) {
            try {
                publishing.publish(entry.getKey(), entry.getValue());
            } catch (IOException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void publish(Lane lane, OpenBatch opened, Backpressure.Verdict verdict) throws IOException {
        OutgoingBatch batch = opened.batch;
        int rows = batch.rows();
        long weight = batch.weight();
        addDropped(backpressure.takeDropped());
        if (rows == 0 || verdict == Backpressure.Verdict.DROP) { // none if its first message was refused
            batch.close();
            addDropped(rows);
        } else {
            OutgoingBatch.Target target = lane.target(queue.session().clocks().steady());
            ensureOnce(target.state());
            batch.publish(target, queue.power());
            publishedMessages.addAndGet(rows);
            publishedBatches.incrementAndGet();
        }
        open.remove(lane);
        buffered -= weight;
        roomMayBe.signalAll();
    }

    /** A folder is made when first needed, but one that was deleted meanwhile is an error, not made again. */
    private void ensureOnce(State state) throws IOException {
        if (!made.contains(state)) {
            queue.ensure(state);
            made.add(state);
        }
    }

    private void addDropped(long messages) {
        if (messages > 0 && droppedMessages.getAndAdd(messages) == 0) {
            LOG.warn(
                    "queue {} is full, so messages are dropped ({})",
                    queue.folder().name(),
                    queue.config().whenFull());
        }
    }

    private void scheduleLinger(long nanos) {
        if (!lingerScheduled) {
            lingerScheduled = true;
            queue.session().lingering().after(nanos, lingering(this));
            queue.session().lingering().start("turboqueue-linger");
        }
    }

    /** A producer that was closed and forgotten does not stay in memory until its linger is over. */
    private static Runnable lingering(QueueProducer<?> producer) {
        WeakReference<QueueProducer<?>> weak = new WeakReference<>(producer);
        return () -> {
            QueueProducer<?> still = weak.get();
            if (still != null) {
                still.publishLingering();
            }
        };
    }

    /** Runs on the linger thread, which must not wait: whoever holds the lock is publishing, or will come back. */
    private void publishLingering() {
        if (!lock.tryLock()) {
            queue.session().lingering().after(BUSY_NANOS, lingering(this));
            return;
        }
        try {
            lingerScheduled = false;
            if (!closed) {
                publishOverdue();
            }
        } finally {
            lock.unlock();
        }
    }

    private void publishOverdue() {
        long linger = queue.config().batchLinger().toNanos();
        long now = queue.session().clocks().nanos().nanoTime();
        long next = Long.MAX_VALUE;
        for (Map.Entry<Lane, OpenBatch> entry : List.copyOf(open.entrySet())) {
            long left = linger - (now - entry.getValue().openedNanos);
            if (left <= 0 && !publishNow(entry.getKey(), entry.getValue())) {
                left = Math.min(linger, RETRY_NANOS);
            }
            if (left > 0) {
                next = Math.min(next, left);
            }
        }
        if (next != Long.MAX_VALUE) {
            scheduleLinger(next);
        }
    }

    private boolean publishNow(Lane lane, OpenBatch opened) {
        try {
            Backpressure.Verdict verdict = verdict(lane, opened);
            if (verdict == Backpressure.Verdict.WAIT) {
                return false;
            }
            publish(lane, opened, verdict);
            lingerFailing = false;
            return true;
        } catch (IOException failed) {
            if (!lingerFailing) {
                LOG.warn(
                        "queue {}: a batch of {} messages cannot be published, tried again until it can: {}",
                        queue.folder().name(),
                        opened.batch.rows(),
                        failed.toString());
                lingerFailing = true;
            }
            return false;
        }
    }

    /** Messages this producer has published. */
    public long publishedMessages() {
        return publishedMessages.get();
    }

    /** Batches this producer has published. */
    public long publishedBatches() {
        return publishedBatches.get();
    }

    /** Messages dropped because the queue was full: this producer's own, or older ones that it deleted. */
    public long droppedMessages() {
        return droppedMessages.get();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the producer of queue " + queue.folder().name() + " is closed");
        }
    }

    /**
     * Publishes what is buffered and closes; even if the queue is full, since nobody may be left to make room, so by at most
     * a batch a priority the limit may be exceeded. Other threads' calls that wait for room end with
     * {@link QueueFullException}. If publishing fails the producer stays open with its messages and can be closed again;
     * {@link Spool#close} gives them up. A second call does nothing.
     *
     * @throws IOException if publishing failed
     */
    @Override
    public void close() throws IOException {
        stopWaiting();
        lock.lock();
        try {
            if (!closed) {
                publishAll((lane, opened) -> publish(lane, opened, Backpressure.Verdict.PUBLISH));
                closed = true;
                queue.session().closed(this);
            }
        } catch (InterruptedException impossible) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the waiting of other threads' calls. */
    void stopWaiting() {
        stopWaiting = true;
    }

    /** Closes without publishing what cannot be published; how many messages that were. */
    int abandon() {
        lock.lock();
        try {
            int messages = 0;
            for (OpenBatch opened : open.values()) {
                messages += opened.batch.rows();
            }
            open.clear();
            buffered = 0;
            closed = true;
            queue.session().closed(this);
            return messages;
        } finally {
            lock.unlock();
        }
    }
}
