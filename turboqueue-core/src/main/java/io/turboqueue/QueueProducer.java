package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchIds;
import io.turboqueue.layout.BatchName;
import io.turboqueue.protocol.QueueCapacity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to a queue, in batches. Thread-safe; one producer per thread is fastest.
 *
 * <p>{@link #send} buffers. The queue accepts messages when their batch is published: when it has
 * {@code batch.maxMessages} or {@code batch.maxBytes}, when its first message has waited for {@code batch.linger}, or
 * at {@link #flush} and {@link #close}. Published messages survive the death of any process and, with
 * {@link Durability#POWER}, a power cut. Buffered messages are lost if this process dies. Messages with the same
 * priority and without a delay are delivered in the order sent within their batch, and their batches are published in
 * that order.
 *
 * <p>If publishing fails, for example because the disk is full, the messages stay buffered, not yet accepted, and the
 * next {@code send}, {@code flush} or linger tries again. {@code send} fails only if the buffer is full and cannot be
 * published; then only that message was not accepted.
 *
 * @param <T> the payload's type
 */
public final class QueueProducer<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueProducer.class);
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int LANES_FACTOR = 2;
    private static final long CLOCK_WAS_SET_MILLIS = 100;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final QueueContext<T> queue;
    private final int maxMessages;
    private final long maxBytes;
    private final Backpressure backpressure;
    private final BatchIds ids = new BatchIds();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roomMayBe = lock.newCondition();
    private final Map<Lane, OpenBatch> open = new LinkedHashMap<>();
    private final Set<BatchState> made = EnumSet.noneOf(BatchState.class);
    private final Linger linger = new Linger(this);
    private final List<Runnable> outcomes = new ArrayList<>(0); // to be told once the lock is free
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

        OutgoingBatch.Target target(Clocks clocks, OpenBatch opened) {
            return isDelayed()
                    ? new OutgoingBatch.Target(
                            BatchState.DELAYED, priority, opened.dueMillis(dueMillis, clocks), BatchName.History.NONE)
                    : new OutgoingBatch.Target(
                            BatchState.READY, priority, clocks.steady().millis(), BatchName.History.NONE);
        }
    }

    /**
     * A batch being filled, and when that began by two clocks.
     *
     * @param openedNanos by the clock that nobody sets
     * @param openedMillis by the wall clock
     */
    private record OpenBatch(OutgoingBatch batch, long openedNanos, long openedMillis) {

        /** When a delay ends: as it was reckoned, unless the wall clock was set since; its length stays then. */
        long dueMillis(long reckoned, Clocks clocks) {
            long passed = TimeUnit.NANOSECONDS.toMillis(clocks.nanos().nanoTime() - openedNanos);
            long setBy = clocks.wall().millis() - openedMillis - passed;
            return Math.abs(setBy) < CLOCK_WAS_SET_MILLIS ? reckoned : reckoned + setBy;
        }
    }

    QueueProducer(QueueContext<T> queue) {
        this.queue = queue;
        this.maxMessages = queue.config().batchMaxMessages();
        this.maxBytes = queue.config().batchMaxBytes();
        this.backpressure = new Backpressure(
                queue.folder().name(),
                queue.config(),
                new QueueCapacity(
                        queue.session().disk(),
                        queue.folder(),
                        Backpressure.limit(queue.config()),
                        queue.session().clocks().nanos()),
                queue.session().clocks());
        queue.session().opened(this);
    }

    /**
     * Buffers a message. If the buffer is full it is published first, which may wait for room in the queue.
     *
     * @param payload what to send; not null
     * @throws MessageTooLargeException if the message is larger than {@code batch.maxBytes}
     * @throws QueueFullException if the buffer and the queue are full; the message was not accepted
     * @throws IOException if the payload cannot be encoded, or the buffer is full and cannot be published; the message
     *     was not accepted
     * @throws InterruptedException if the thread is interrupted while it waits; the message was not accepted
     * @throws IllegalStateException if this producer is closed
     */
    public void send(T payload) throws IOException, InterruptedException {
        StoredMessage message = encode(payload, SendOptions.create());
        enqueue(Lane.DEFAULT, message);
    }

    /**
     * Buffers a message like {@link #send(Object)}, with a key, headers, a priority, a delay, a time or an identity.
     *
     * @param payload what to send; not null
     * @param options what goes with it
     * @throws MessageTooLargeException if the message is larger than {@code batch.maxBytes}
     * @throws QueueFullException if the buffer and the queue are full; the message was not accepted
     * @throws IOException if the payload cannot be encoded, or the buffer is full and cannot be published; the message
     *     was not accepted
     * @throws InterruptedException if the thread is interrupted while it waits; the message was not accepted
     * @throws IllegalStateException if this producer is closed
     */
    public void send(T payload, SendOptions options) throws IOException, InterruptedException {
        enqueue(lane(options), encode(payload, options));
    }

    /**
     * Sends several messages together, in order. If they fit in one batch they go into the same one, so that either all
     * of them are published or none. If they do not fit they are sent one after the other.
     *
     * @param payloads what to send; neither null nor containing null
     * @return the number of messages
     * @throws MessageTooLargeException if one of them is larger than {@code batch.maxBytes}; none was accepted
     * @throws QueueFullException if the buffer and the queue are full; none was accepted, or, if they do not fit in one
     *     batch, perhaps the first few
     * @throws IOException if a payload cannot be encoded, and none was accepted; or if the buffer is full and cannot be
     *     published, and none was accepted, or, if they do not fit in one batch, perhaps the first few
     * @throws InterruptedException if the thread is interrupted while it waits; accepted are as many as with
     *     {@link QueueFullException}
     * @throws IllegalStateException if this producer is closed
     */
    public int sendAll(Iterable<? extends T> payloads) throws IOException, InterruptedException {
        return sendAll(payloads, SendOptions.create());
    }

    /**
     * Sends several messages together like {@link #sendAll(Iterable)}, all with the same options.
     *
     * @param payloads what to send; neither null nor containing null
     * @param options what goes with each of them
     * @return the number of messages
     * @throws MessageTooLargeException if one of them is larger than {@code batch.maxBytes}; none was accepted
     * @throws QueueFullException if the buffer and the queue are full; see {@link #sendAll(Iterable)} for what was
     *     accepted
     * @throws IOException if a payload cannot be encoded, and none was accepted; or if the buffer is full and cannot be
     *     published
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this producer is closed
     */
    public int sendAll(Iterable<? extends T> payloads, SendOptions options) throws IOException, InterruptedException {
        List<StoredMessage> messages = new ArrayList<>();
        long weight = 0;
        for (T payload : payloads) {
            StoredMessage message = encode(payload, options);
            messages.add(message);
            weight += message.weight();
        }
        enqueueAll(lane(options), messages, weight);
        return messages.size();
    }

    /**
     * Sends a message and reports when its batch is published. The message is buffered as by {@link #send(Object)},
     * which may wait for room, and this throws what {@code send} throws.
     *
     * <p>The future always completes: normally when the batch is published and, with {@link Durability#POWER}, survives
     * a power cut; with a {@link QueueFullException} if the batch is dropped because the queue is full; with an
     * {@link IOException} if the spool is closed and the batch cannot be published. While publishing fails and is
     * retried, the future stays incomplete.
     *
     * <p>The thread that publishes completes the future, after it has released the producer's lock: a sender, the
     * caller of {@code flush} or {@code close}, or the thread that publishes for all producers of the spool after
     * {@code batch.linger}. Run slow work on your own executor, for example with {@code thenRunAsync}. Cancelling the
     * future does not take the message back.
     *
     * @param payload what to send; not null
     * @return a new future; its value is null
     * @throws MessageTooLargeException if the message is larger than {@code batch.maxBytes}
     * @throws QueueFullException if the buffer and the queue are full; the message was not accepted
     * @throws IOException if the payload cannot be encoded, or the buffer is full and cannot be published; the message
     *     was not accepted
     * @throws InterruptedException if the thread is interrupted while it waits; the message was not accepted
     * @throws IllegalStateException if this producer is closed
     */
    public CompletableFuture<@Nullable Void> sendAsync(T payload) throws IOException, InterruptedException {
        return sendAsync(payload, SendOptions.create());
    }

    /**
     * Sends a message like {@link #sendAsync(Object)}, with a key, headers, a priority, a delay, a time or an identity.
     *
     * @param payload what to send; not null
     * @param options what goes with it
     * @return a new future; its value is null
     * @throws MessageTooLargeException if the message is larger than {@code batch.maxBytes}
     * @throws QueueFullException if the buffer and the queue are full; the message was not accepted
     * @throws IOException if the payload cannot be encoded, or the buffer is full and cannot be published; the message
     *     was not accepted
     * @throws InterruptedException if the thread is interrupted while it waits; the message was not accepted
     * @throws IllegalStateException if this producer is closed
     */
    public CompletableFuture<@Nullable Void> sendAsync(T payload, SendOptions options)
            throws IOException, InterruptedException {
        StoredMessage message = encode(payload, options);
        lock.lockInterruptibly();
        try {
            Lane lane = lane(options);
            OpenBatch target = add(lane, message);
            CompletableFuture<@Nullable Void> published = target.batch.whenPublished();
            publishAhead(lane, target);
            return published;
        } finally {
            unlock();
        }
    }

    private Lane lane(SendOptions options) {
        long due = options.delay().isZero() ? 0 : dueAfter(options.delay().toMillis());
        return new Lane(options.priority(), due);
    }

    private StoredMessage encode(T payload, SendOptions options) throws IOException {
        Objects.requireNonNull(payload, "payload must not be null");
        byte[] bytes = queue.codec().encode(payload);
        long time = options.timeMillis(queue.session().clocks().stamps());
        StoredMessage message = options.message(time, bytes, queue.codec().text(bytes));
        requireSize(message);
        return message;
    }

    private void requireSize(StoredMessage message) {
        if (message.weight() > maxBytes) {
            throw new MessageTooLargeException("message of " + message.weight() + " bytes is too large for queue "
                    + queue.folder().name() + ": at most batch.maxBytes = " + maxBytes + " bytes are allowed");
        }
        if (message.isTooLarge()) {
            throw new MessageTooLargeException(
                    "message of " + message.weight() + " characters and bytes is too large: at" + " most "
                            + StoredMessage.MAX_BYTES + " bytes fit in a batch file");
        }
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
            publishAhead(lane, add(lane, message));
        } finally {
            unlock();
        }
    }

    private void enqueueAll(Lane lane, List<StoredMessage> messages, long weight)
            throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            if (messages.size() <= maxMessages && weight <= maxBytes) {
                addTogether(lane, messages, weight);
            } else {
                for (StoredMessage message : messages) {
                    publishAhead(lane, add(lane, message));
                }
            }
        } finally {
            unlock();
        }
    }

    /** Into one batch, after what is in the buffer if that leaves enough room. */
    private void addTogether(Lane lane, List<StoredMessage> messages, long weight)
            throws IOException, InterruptedException {
        OpenBatch current = open.get(lane);
        while (current != null && !hasRoom(current.batch, messages.size(), weight)) {
            publishWhenRoom(lane, current);
            requireOpen();
            current = open.get(lane);
        }
        OpenBatch target = current;
        for (StoredMessage message : messages) {
            target = add(lane, message);
        }
        if (target != null) {
            publishAhead(lane, target);
        }
    }

    /** Into the lane's batch, which may be full then. */
    private OpenBatch add(Lane lane, StoredMessage message) throws IOException, InterruptedException {
        requireOpen();
        OpenBatch current = open.get(lane);
        while (current != null && !hasRoom(current.batch, 1, message.weight())) {
            publishWhenRoom(lane, current);
            requireOpen();
            current = open.get(lane);
        }
        OpenBatch target = current == null ? open(lane) : current;
        target.batch.add(message);
        buffered += message.weight();
        return target;
    }

    /** Runs the futures of batches that have ended, after it has released the lock. */
    private void unlock() {
        List<Runnable> news = outcomes.isEmpty() ? List.of() : takeOutcomes();
        lock.unlock();
        news.forEach(Runnable::run);
    }

    private List<Runnable> takeOutcomes() {
        List<Runnable> taken = List.copyOf(outcomes);
        outcomes.clear();
        return taken;
    }

    /** Lets others have the lock before it waits for longer. */
    private void tellOutcomes() {
        unlock();
        lock.lock();
    }

    private boolean hasRoom(OutgoingBatch batch, int rows, long weight) {
        return batch.rows() + rows <= maxMessages && batch.weight() + weight <= maxBytes;
    }

    private boolean isFull(OutgoingBatch batch) {
        return batch.rows() >= maxMessages || batch.weight() >= maxBytes;
    }

    private OpenBatch open(Lane lane) {
        Clocks clocks = queue.session().clocks();
        OpenBatch opened = new OpenBatch(
                queue.newBatch(ids), clocks.nanos().nanoTime(), clocks.wall().millis());
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
            long wait = patience.nextNanos();
            if (outcomes.isEmpty()) {
                roomMayBe.awaitNanos(wait);
            } else {
                tellOutcomes();
            }
        }
    }

    /** Only what is claimable at once counts against the queue's room. */
    private Backpressure.Verdict verdict(Lane lane, OpenBatch opened) throws IOException {
        return lane.isDelayed() ? Backpressure.Verdict.PUBLISH : backpressure.now(opened.batch.weight());
    }

    /**
     * Publishes everything sent so far. When this returns the messages are accepted, and survive the death of this
     * process; or they were dropped, if the queue is full and {@code backpressure.whenFull} says so.
     *
     * @throws QueueFullException if the queue is full; what was not published is still buffered
     * @throws IOException if publishing fails; what was not published is still buffered
     * @throws InterruptedException if the thread is interrupted while it waits; what was not published is still
     *     buffered
     * @throws IllegalStateException if this producer is closed
     */
    public void flush() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            publishAll(this::publishWhenRoom);
        } finally {
            unlock();
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
            outcomes.addAll(batch.outcome(backpressure::full));
        } else {
            OutgoingBatch.Target target = lane.target(queue.session().clocks(), opened);
            publish(batch, target);
            publishedMessages.addAndGet(rows);
            publishedBatches.incrementAndGet();
            outcomes.addAll(batch.outcome(() -> null));
        }
        open.remove(lane);
        buffered -= weight;
        roomMayBe.signalAll();
    }

    /** A queue whose folder was deleted is made again, but not in another spool at the same place. */
    private void publish(OutgoingBatch batch, OutgoingBatch.Target target) throws IOException {
        try {
            ensureOnce(target.state());
            batch.publish(target, queue.power());
        } catch (FolderGoneException deleted) {
            queue.session().owner().ensureHere();
            made.clear();
            ensureOnce(target.state());
            batch.publish(target, queue.power());
        }
    }

    /** A folder is made when first needed. */
    private void ensureOnce(BatchState state) throws IOException {
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
            queue.session().lingering().after(nanos, linger);
            queue.session().lingering().start("turboqueue-linger");
        }
    }

    /**
     * Publishes what has lingered. It keeps a producer that was forgotten with messages in its buffer in memory until they are
     * published, but not one that was closed.
     */
    private static final class Linger implements Runnable {
        private volatile @Nullable QueueProducer<?> producer;

        Linger(QueueProducer<?> producer) {
            this.producer = producer;
        }

        void end() {
            producer = null;
        }

        @Override
        public void run() {
            QueueProducer<?> open = producer;
            if (open != null) {
                open.publishLingering();
            }
        }
    }

    /** Runs on the linger thread, which must not wait: whoever holds the lock is publishing, or will come back. */
    private void publishLingering() {
        if (!lock.tryLock()) {
            queue.session().lingering().after(BUSY_NANOS, linger);
            return;
        }
        try {
            lingerScheduled = false;
            if (!closed) {
                publishOverdue();
            }
        } finally {
            if (!open.isEmpty()) {
                scheduleLinger(
                        RETRY_NANOS); // unless it is scheduled: whatever failed, messages do not stay here for ever
            }
            unlock();
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

    /**
     * The number of messages that this producer has published.
     *
     * @return 0 or more
     */
    public long publishedMessages() {
        return publishedMessages.get();
    }

    /**
     * The number of batches that this producer has published.
     *
     * @return 0 or more
     */
    public long publishedBatches() {
        return publishedBatches.get();
    }

    /**
     * The number of messages that were dropped because the queue was full: this producer's own, or older ones that it
     * deleted.
     *
     * @return 0 or more
     */
    public long droppedMessages() {
        return droppedMessages.get();
    }

    /**
     * How long this producer's messages have been waiting for room because consumers are too slow and the queue is
     * full: in a blocked call of {@link #send} or {@link #flush}, or in the buffer after their linger. The log also
     * warns about it, after 10 s and then every minute.
     *
     * @return empty if there was room when the producer last looked
     */
    public Optional<Duration> blockedFor() {
        return backpressure.waiting();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the producer of queue " + queue.folder().name() + " is closed");
        }
    }

    /**
     * Publishes what is buffered and closes. It publishes even if the queue is full, because there may be no consumer
     * left to make room; that may exceed the limit by at most one batch per priority. Calls of other threads that wait
     * for room end with {@link QueueFullException}. If publishing fails the producer stays open, keeps its messages,
     * and can be closed again; {@link Spool#close} discards them. A second call does nothing.
     *
     * @throws IOException if publishing fails
     */
    @Override
    public void close() throws IOException {
        stopWaiting();
        lock.lock();
        try {
            if (!closed) {
                publishAll((lane, opened) -> publish(lane, opened, Backpressure.Verdict.PUBLISH));
                closed = true;
                linger.end();
                queue.session().closed(this);
            }
        } catch (InterruptedException impossible) {
            Thread.currentThread().interrupt();
        } finally {
            unlock();
        }
    }

    /** Ends the waiting of other threads' calls. */
    void stopWaiting() {
        stopWaiting = true;
    }

    private IOException lost() {
        return new IOException("the spool was closed, and what was sent to queue "
                + queue.folder().name() + " could not be published");
    }

    /** Closes without publishing what cannot be published; how many messages that were. */
    int abandon() {
        lock.lock();
        try {
            int messages = 0;
            for (OpenBatch opened : open.values()) {
                messages += opened.batch.rows();
                outcomes.addAll(opened.batch.outcome(this::lost));
            }
            open.clear();
            buffered = 0;
            closed = true;
            linger.end();
            queue.session().closed(this);
            return messages;
        } finally {
            unlock();
        }
    }
}
