package io.turboqueue;

import io.turboqueue.time.NanoClock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a batch have the process to itself for its last attempt after failures: if the process dies during it, no other batch
 * can be to blame. Thread-safe.
 *
 * <p>Consumers claim nothing while a batch {@linkplain #isTaken has} the process, or waits for it. Batches that plain
 * consumers hold are waited for until they are settled; workers only finish the messages at hand, and begin no other.
 * The batch waits for a minute at most, the others for two: a consumer that always holds a batch would otherwise keep this
 * one from being delivered for ever, and a thread that polls while it holds it would wait for itself.
 *
 * <p>Workers {@link #join}; before a message they say that it is at hand, then ask {@link #mustWait}, and if they must, take
 * that back and ask again a little later. In this order, or a batch that begins its turn at the same time may miss them.
 */
final class ExclusiveAttempts {

    private static final Logger LOG = LoggerFactory.getLogger(ExclusiveAttempts.class);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOOK_AGAIN_MILLIS = 5;
    private static final int MAX_REMEMBERED = 1000;

    private final NanoClock clock;
    private final AtomicReference<@Nullable Turn> turn = new AtomicReference<>();
    private final AtomicInteger held = new AtomicInteger();
    private final Set<BooleanSupplier> workers = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> wantedSince = new ConcurrentHashMap<>();

    /** One batch's time alone. */
    static final class Turn {
        private final long until;

        private Turn(long until) {
            this.until = until;
        }
    }

    ExclusiveAttempts(NanoClock clock) {
        this.clock = clock;
    }

    /** A plain consumer was given a batch. */
    void opened() {
        held.incrementAndGet();
    }

    /** It was settled. */
    void closed() {
        held.decrementAndGet();
    }

    /** Workers that are to be waited for while they say that they have a message at hand. */
    void join(BooleanSupplier busy) {
        workers.add(busy);
    }

    /** They have ended. */
    void leave(BooleanSupplier busy) {
        workers.remove(busy);
    }

    /** Whether a batch has the process to itself, or waits for it, so that nothing is to be claimed. One volatile read. */
    boolean isTaken() {
        return mustWait(null);
    }

    /** Whether no message of a batch with this turn, or with none, is to be begun now. One volatile read if nobody has one. */
    boolean mustWait(@Nullable Turn own) {
        return keepsOut(turn.get(), own);
    }

    private boolean keepsOut(@Nullable Turn current, @Nullable Turn own) {
        return current != null && current != own && clock.nanoTime() - current.until < 0;
    }

    /**
     * Waits until this process handles nothing.
     *
     * @param batch the id of the batch that is to be alone
     * @param nanos how long to wait at most
     * @param stop ends the waiting
     * @return null if it did not come to that in time, or another batch is alone
     */
    @Nullable
    Turn take(String batch, long nanos, BooleanSupplier stop) throws InterruptedException {
        long start = clock.nanoTime();
        Turn mine = new Turn(start + 2 * PATIENCE_NANOS);
        Turn current = turn.get(); // once: another batch may begin its turn while this one is judged
        if (keepsOut(current, null) || !turn.compareAndSet(current, mine)) {
            return null;
        }
        boolean alone = false;
        try {
            alone = awaitIdle(batch, start, nanos, stop);
            return alone ? mine : null;
        } finally {
            if (!alone) {
                end(mine);
            }
        }
    }

    private boolean awaitIdle(String batch, long start, long nanos, BooleanSupplier stop) throws InterruptedException {
        if (wantedSince.size() > MAX_REMEMBERED) {
            wantedSince.clear(); // of batches that others have taken meanwhile
        }
        long since = wantedSince.computeIfAbsent(batch, id -> start);
        while (isBusy()) {
            long now = clock.nanoTime();
            if (now - since >= PATIENCE_NANOS) {
                LOG.warn(
                        "batch {} gets its last attempt while this process handles other batches: they did not end in a minute",
                        batch);
                break;
            }
            if (now - start >= nanos || stop.getAsBoolean()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        wantedSince.remove(batch);
        return true;
    }

    private boolean isBusy() {
        return held.get() > 0 || workers.stream().anyMatch(BooleanSupplier::getAsBoolean);
    }

    /** The batch has moved on, or is settled. */
    void end(@Nullable Turn ended) {
        if (ended != null) {
            turn.compareAndSet(ended, null);
        }
    }
}
