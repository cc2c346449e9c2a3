package io.turboqueue;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.Volume;
import io.turboqueue.inspect.RecoveryResult;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.ClaimTimeout;
import io.turboqueue.owner.OwnerDirectory;
import io.turboqueue.owner.OwnerRecovery;
import io.turboqueue.owner.Processes;
import io.turboqueue.protocol.Claim;
import io.turboqueue.protocol.DelayedPromoter;
import io.turboqueue.protocol.DiskSpace;
import io.turboqueue.protocol.ReclaimingDisk;
import io.turboqueue.protocol.RecycledFiles;
import io.turboqueue.protocol.Transitions;
import io.turboqueue.waiting.Scheduler;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process holds while it works in a spool: an owner directory, an engine, three threads, and what was opened. Thread-safe. */
final class Session implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration MAX_WAIT = Duration.ofDays(365);
    private static final double JITTER = 0.2;
    private static final int LOOKS_PER_LIMIT = 8;
    private static final long BETWEEN_PROMOTIONS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DiskSpace room;
    private final ReclaimingDisk disk;
    private final Clocks clocks;
    private final AttemptLimits attemptLimits;
    private final OwnerDirectory owner;
    private final Transitions transitions;
    private final BatchEngine jdbc;
    private final BatchEngine pages;
    private final Scheduler lingering;
    private final Scheduler upkeep;
    private final OwnerRecovery recovery;
    private final OwnerRenewal renewal;
    private final ClaimTimeout overtime;
    private final ClaimRequeue returns;
    private final ExclusiveAttempts lastAttempts;
    private final Set<Claim> unsettled = ConcurrentHashMap.newKeySet();
    private final Map<QueueName, Long> limits = new ConcurrentHashMap<>();
    private final Map<QueueName, RecycledFiles> free = new ConcurrentHashMap<>();
    private final Map<QueueName, RecycledFiles> syncedFree = new ConcurrentHashMap<>();
    private final Map<QueueName, DelayedPromoter> promoters = new ConcurrentHashMap<>();
    private final AtomicBoolean promoting = new AtomicBoolean();
    private final Map<QueueName, FailureLog> failures = new ConcurrentHashMap<>();
    private final Set<AutoCloseable> parts = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Duration closeTimeout = Duration.ZERO; // until its duties are started
    private final Map<Long, Thread> claimants = new ConcurrentHashMap<>(); // by number of the claim
    private volatile boolean jvmEnds;
    private final ShutdownHook hook;
    private volatile boolean left;

    /** Opens an owner directory. */
    Session(Disk plain, SpoolFolder spool, Processes processes, Clocks clocks, AttemptLimits.ConfigSource configs)
            throws IOException {
        this.clocks = clocks;
        this.room = new DiskSpace(new Volume(spool.path()), clocks.nanos());
        this.disk = new ReclaimingDisk(plain, spool, room, clocks.nanos());
        this.attemptLimits = new AttemptLimits(configs);
        this.owner = OwnerDirectory.open(disk, spool, processes);
        disk.provideReserve();
        this.transitions = new Transitions(disk, owner, this::delayed);
        this.jdbc = new JdbcEngine(disk);
        this.pages = new PagesEngine(disk);
        this.lingering = new Scheduler(clocks.nanos());
        this.upkeep = new Scheduler(clocks.nanos());
        this.lastAttempts = new ExclusiveAttempts(clocks.nanos());
        this.returns = new ClaimRequeue(disk, spool, maxAttempts(new WeakReference<>(this)));
        this.recovery = new OwnerRecovery(disk, spool, returns, processes, clocks.nanos());
        this.overtime = new ClaimTimeout(disk, spool, returns, clocks.nanos());
        this.hook = new ShutdownHook(weakly(Session::shutdown));
        this.renewal = new OwnerRenewal(owner, clocks, this, List.of(jdbc, pages, lingering, upkeep, hook));
    }

    private static ToIntFunction<QueueName> maxAttempts(WeakReference<Session> weak) {
        return queue -> {
            Session session = weak.get();
            return session == null ? Integer.MAX_VALUE : session.attemptLimits.applyAsInt(queue);
        };
    }

    Disk disk() {
        return disk;
    }

    Clocks clocks() {
        return clocks;
    }

    OwnerDirectory owner() {
        return owner;
    }

    Transitions transitions() {
        return transitions;
    }

    /** Neither takes anything until it is used. */
    BatchEngine engine(Engine which) {
        return switch (which) {
            case JDBC -> jdbc;
            case PAGES -> pages;
        };
    }

    /** The emptied files of a queue. */
    RecycledFiles free(QueueFolder queue, boolean power) {
        Map<QueueName, RecycledFiles> files = power ? syncedFree : free;
        return files.computeIfAbsent(
                queue.name(), name -> new RecycledFiles(disk, queue, clocks.nanos(), power, room::isScarce));
    }

    /** What makes delayed batches of a queue ready, shared by all who delay and poll. */
    DelayedPromoter promoter(QueueFolder queue) {
        return promoters.computeIfAbsent(
                queue.name(), name -> new DelayedPromoter(disk, queue, clocks.wall(), clocks.nanos()));
    }

    /** A batch was put into {@code delayed/} by this process, which now sees to it that its delay ends in time. */
    void delayed(QueueFolder queue, BatchName batch) {
        promoter(queue).remember(batch);
        promoteOverdueFromNowOn();
    }

    /** As long as this process remembers a delay, it looks whether it is over, polled or not. */
    void promoteOverdueFromNowOn() {
        if (!promoting.get()
                && promoters.values().stream().anyMatch(DelayedPromoter::remembers)
                && promoting.compareAndSet(false, true)) {
            upkeep.after(BETWEEN_PROMOTIONS_NANOS, weakly(Session::promoteOverdue));
        }
    }

    private void promoteOverdue() {
        try {
            for (Map.Entry<QueueName, DelayedPromoter> promoter : promoters.entrySet()) {
                promoteOverdue(promoter.getKey(), promoter.getValue());
            }
        } finally {
            promoting.set(false);
            promoteOverdueFromNowOn();
        }
    }

    private static void promoteOverdue(QueueName queue, DelayedPromoter promoter) {
        try {
            promoter.promoteOverdue();
        } catch (IOException failed) {
            LOG.warn("queue {}: a delayed batch could not be made ready: {}", queue, failed.toString());
        }
    }

    /** Warns of messages of a queue that fail. */
    FailureLog failures(QueueName queue) {
        return failures.computeIfAbsent(queue, name -> new FailureLog(name, clocks.nanos()));
    }

    /** Gives batches a turn alone. */
    ExclusiveAttempts lastAttempts() {
        return lastAttempts;
    }

    /** The time handlers get to finish when something is closed. */
    Duration closeTimeout() {
        return closeTimeout;
    }

    /** Publishes batches whose linger is over. Apart from the upkeep, so that neither waits for the other. */
    Scheduler lingering() {
        return lingering;
    }

    /** Shows from now on that this process lives, and looks for dead ones now, and again and again. */
    void start(QueueConfig settings) {
        Duration interval = settings.recoveryInterval();
        closeTimeout = settings.closeTimeout();
        renewal.start();
        upkeep.start("turboqueue-upkeep");
        upkeep.after(0, weakly(session -> session.recover(interval)));
    }

    /** The threads keep no session that nobody uses any more from being collected. */
    private Runnable weakly(Consumer<Session> task) {
        WeakReference<Session> weak = new WeakReference<>(this);
        return () -> {
            Session session = weak.get();
            if (session != null) {
                task.accept(session);
            }
        };
    }

    private void recover(Duration interval) {
        boolean again = true;
        try {
            requeueUnsettled();
            RecoveryResult result = recovery.runOnce();
            if (result.owners() > 0) {
                LOG.info("recovered what dead processes had left: {}", result);
            }
        } catch (FolderGoneException gone) {
            again = false;
            LOG.warn("no more looking for dead processes: {}", gone.getMessage());
        } catch (IOException failed) {
            LOG.warn("looking for dead processes failed, tried again in {}: {}", interval, failed.toString());
        } finally {
            if (again) {
                upkeep.after(untilNextLook(interval), weakly(session -> session.recover(interval)));
            }
        }
    }

    /** Sooner than usual where it can be told by then whether an owner lives. */
    private long untilNextLook(Duration interval) {
        double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        long usual = (long) (interval.toNanos() * jitter);
        return Math.min(usual, Math.max(MIN_PAUSE_NANOS, recovery.nanosUntilVerdict()));
    }

    /** A claim that could not be given back because the disk failed; nobody else may touch it while this process lives. */
    void requeueLater(Claim claim) {
        unsettled.add(claim);
    }

    /** One that still cannot be given back keeps none of the others from it. */
    private void requeueUnsettled() throws IOException {
        for (Claim claim : List.copyOf(unsettled)) {
            try {
                returns.requeue(transitions.pathOf(claim), claim.entry());
                unsettled.remove(claim);
            } catch (FolderGoneException gone) {
                throw gone;
            } catch (IOException failed) {
                LOG.warn("batch {} cannot be given back yet: {}", claim.batch(), failed.toString());
            }
        }
    }

    /** Runs something short once on the upkeep's thread. */
    void later(long nanos, Runnable task) {
        upkeep.after(nanos, task);
    }

    /** From now on claims of this queue are taken back after this time. */
    void limit(QueueName queue, Duration limit) {
        if (limits.putIfAbsent(queue, limit.toNanos()) == null) {
            long pause = limit.toNanos() / LOOKS_PER_LIMIT;
            upkeep.after(pause, weakly(session -> session.takeBack(pause)));
        }
    }

    private void takeBack(long pauseNanos) {
        boolean again = true;
        try {
            int taken = overtime.runOnce(limits);
            if (taken > 0) {
                LOG.warn(
                        "took {} batches back from owners that held them for longer than delivery.maxProcessingTime",
                        taken);
            }
        } catch (FolderGoneException gone) {
            again = false;
            LOG.warn("no more looking for overdue claims: {}", gone.getMessage());
        } catch (IOException failed) {
            LOG.warn("looking for overdue claims failed: {}", failed.toString());
        } finally {
            if (again) {
                upkeep.after(pauseNanos, weakly(session -> session.takeBack(pauseNanos)));
            }
        }
    }

    /** A batch was handed to the thread that calls this. */
    void claimed(long number) {
        claimants.put(number, Thread.currentThread());
    }

    /** A batch was acked, given back, or lost. */
    void settled(long number) {
        claimants.remove(number);
    }

    /** Whether nothing more is to be claimed, as the JVM ends. */
    boolean isQuiet() {
        return jvmEnds;
    }

    /** Whether the claims went back to their queues. */
    boolean isClosed() {
        return left;
    }

    /** Remembers a part that must be closed with the session. */
    void opened(AutoCloseable part) {
        parts.add(part);
    }

    /** Forgets a part that was closed. */
    void closed(AutoCloseable part) {
        parts.remove(part);
    }

    /** From now on the end of the JVM closes this session. */
    void closeOnShutdown() {
        hook.install();
    }

    /**
     * Consumers just claim nothing more, so that whoever polls in a loop notices nothing, and batches that threads work on may be
     * acked while there is time. Then everything is closed.
     */
    void shutdown() {
        jvmEnds = true;
        workers().forEach(QueueWorkers::stop);
        Deadline deadline = Deadline.in(closeTimeout);
        deadline.await(this::awaitClaimants);
        try {
            close(deadline.left());
        } catch (IOException failed) {
            LOG.error("the spool was not closed well", failed);
        }
    }

    /** Threads that have ended or called {@link System#exit} settle nothing any more. */
    private boolean awaitClaimants(long nanos) throws InterruptedException {
        boolean none = closing.get()
                || claimants.values().stream()
                        .noneMatch(thread -> thread.isAlive() && !ShutdownHook.isCalledBy(thread));
        if (!none) {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
        return none;
    }

    @Override
    public void close() throws IOException {
        close(closeTimeout);
    }

    /**
     * Closes once. Others who close it meanwhile wait until that is done. A handler waits for nothing, or it would wait for
     * itself: a thread of its own closes the session then.
     *
     * @param timeout the time handlers get to finish
     */
    void close(Duration timeout) throws IOException {
        boolean byHandler = workers().stream().anyMatch(QueueWorkers::isOwnThread);
        if (!closing.compareAndSet(false, true)) {
            Deadline.in(byHandler ? Duration.ZERO : MAX_WAIT).await(this::awaitClosed);
        } else if (byHandler) {
            workers().forEach(QueueWorkers::stop);
            new Thread(() -> closeInBackground(timeout), "turboqueue-close").start();
        } else {
            closeAll(timeout);
        }
    }

    boolean isClosing() {
        return closing.get();
    }

    private boolean awaitClosed(long nanos) throws InterruptedException {
        return closed.await(nanos, TimeUnit.NANOSECONDS);
    }

    private void closeInBackground(Duration timeout) {
        try {
            closeAll(timeout);
        } catch (IOException failed) {
            LOG.error("the spool of {} was not closed well", owner.path(), failed);
        }
    }

    /**
     * In the order in which data flows: nothing is claimed any more, handlers end, what was produced is published, the owner directory is
     * left. What fails keeps nothing else from being closed.
     */
    private void closeAll(Duration timeout) throws IOException {
        try (renewal;
                jdbc;
                pages;
                upkeep;
                lingering) {
            Deadline deadline = Deadline.in(timeout);
            List<QueueWorkers> workers = workers();
            producers().forEach(QueueProducer::stopWaiting);
            workers.forEach(QueueWorkers::stop);
            parts.forEach(Session::closeIfConsumer);
            QueueWorkers.finish(workers, deadline);
            closeProducers();
        } finally {
            left = true;
            try {
                recovery.leave(owner);
                disk.provideReserve();
            } finally {
                closed.countDown();
                hook.close();
            }
        }
    }

    private List<QueueWorkers> workers() {
        List<QueueWorkers> workers = new ArrayList<>();
        for (AutoCloseable part : parts) {
            if (part instanceof QueueWorkers each) {
                workers.add(each);
            }
        }
        return workers;
    }

    private List<QueueProducer<?>> producers() {
        List<QueueProducer<?>> producers = new ArrayList<>();
        for (AutoCloseable part : parts) {
            if (part instanceof QueueProducer<?> producer) {
                producers.add(producer);
            }
        }
        return producers;
    }

    private static void closeIfConsumer(AutoCloseable part) {
        if (part instanceof QueueConsumer<?> consumer) {
            consumer.close();
        }
    }

    private void closeProducers() throws IOException {
        IOException failure = null;
        for (QueueProducer<?> producer : producers()) {
            try {
                producer.close();
            } catch (IOException failed) {
                LOG.error("{} buffered messages could not be published and are lost", producer.abandon());
                if (failure != null) {
                    failed.addSuppressed(failure);
                }
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
