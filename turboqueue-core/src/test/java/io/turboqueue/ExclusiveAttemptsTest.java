package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turboqueue.ExclusiveAttempts.Turn;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExclusiveAttemptsTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Queue<Runnable> beforeLooksAtTheClock = new ConcurrentLinkedQueue<>();
    private final ExclusiveAttempts attempts = new ExclusiveAttempts(this::lookAtTheClock);

    private long lookAtTheClock() {
        Runnable meanwhile = beforeLooksAtTheClock.poll();
        if (meanwhile != null) {
            meanwhile.run();
        }
        return nanos.get();
    }

    private @Nullable Turn take(String batch, long patience) throws InterruptedException {
        return attempts.take(batch, patience, () -> false);
    }

    @Test
    void anIdleProcessGivesATurnAtOnce() throws Exception {
        Turn turn = take("a", 0);

        assertThat(turn).isNotNull();
        assertThat(attempts.isTaken()).isTrue();
        assertThat(attempts.mustWait(null)).isTrue();
        assertThat(attempts.mustWait(turn)).isFalse();
        assertThat(take("b", 0)).isNull();

        attempts.end(turn);
        assertThat(attempts.isTaken()).isFalse();
        assertThat(attempts.mustWait(null)).isFalse();
    }

    @Test
    void theEndOfATurnThatIsOverEndsNoOther() throws Exception {
        Turn first = take("a", 0);
        attempts.end(first);
        Turn second = take("b", 0);
        attempts.end(first);
        attempts.end(null);

        assertThat(attempts.mustWait(null)).isTrue();
        assertThat(attempts.mustWait(second)).isFalse();
    }

    @Test
    void whatAPlainConsumerHoldsIsWaitedForUntilItIsSettled() throws Exception {
        attempts.opened();
        assertThat(take("a", 0)).isNull();
        assertThat(attempts.isTaken())
                .as("what was not had is not kept from others")
                .isFalse();

        CompletableFuture<Turn> waiting = inBackground(HOUR, () -> false);
        awaitTaken();
        assertThat(waiting).isNotDone();
        attempts.closed();
        assertThat(waiting.get(1, TimeUnit.MINUTES)).isNotNull();
    }

    @Test
    void workersAreWaitedForWhileTheyHaveAMessageAtHand() throws Exception {
        AtomicBoolean atHand = new AtomicBoolean(true);
        attempts.join(atHand::get);
        assertThat(take("a", 0)).isNull();
        atHand.set(false);
        Turn turn = take("a", 0);
        assertThat(turn).isNotNull();
    }

    @Test
    void aBatchThatIsNeverAloneGetsCompanyAfterAMinuteInAll() throws Exception {
        attempts.opened();
        assertThat(take("a", 0)).isNull();
        nanos.addAndGet(MINUTE - 1);
        assertThat(take("a", 0)).isNull();
        assertThat(take("b", 0)).as("another one, which has not waited yet").isNull();
        nanos.addAndGet(1);

        assertThat(take("a", 0)).isNotNull();
    }

    @Test
    void theOthersWaitTwoMinutesAtMost() throws Exception {
        Turn turn = take("a", 0);
        nanos.addAndGet(2 * MINUTE - 1);
        assertThat(attempts.mustWait(null)).isTrue();
        nanos.addAndGet(1);
        assertThat(attempts.mustWait(null)).isFalse();
        assertThat(attempts.isTaken()).isFalse();

        assertThat(take("b", 0)).isNotNull();
        attempts.end(turn);
        assertThat(attempts.isTaken()).isTrue();
    }

    @Test
    void whoeverHasToStopWaitsNoLonger() throws Exception {
        attempts.opened();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Turn> waiting = inBackground(HOUR, stop);
        awaitTaken();
        stop.set(true);

        assertThat(waiting.get(1, TimeUnit.MINUTES)).isNull();
        assertThat(attempts.isTaken()).isFalse();
    }

    @Test
    void ofTwoThatFindTheSameTurnOverOneIsAlone() throws Exception {
        take("slow", 0);
        nanos.addAndGet(2 * MINUTE);
        AtomicReference<Turn> others = new AtomicReference<>();
        beforeLooksAtTheClock.add(() -> {}); // the start
        beforeLooksAtTheClock.add(() ->
                others.set(inBackground(0, () -> false).join())); // while it is asked whether the old turn is over

        assertThat(take("b", 0)).isNull();
        assertThat(beforeLooksAtTheClock).isEmpty();
        assertThat(others.get()).isNotNull();
        assertThat(attempts.mustWait(others.get())).isFalse();
        assertThat(attempts.isTaken()).isTrue();
    }

    private CompletableFuture<Turn> inBackground(long patience, BooleanSupplier stop) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return attempts.take("a", patience, stop);
            } catch (InterruptedException nobodyDoesThat) {
                throw new AssertionError(nobodyDoesThat);
            }
        });
    }

    private CompletableFuture<Turn> inBackground(long patience, AtomicBoolean stop) {
        return inBackground(patience, stop::get);
    }

    private void awaitTaken() {
        await().atMost(Duration.ofMinutes(1)).until(attempts::isTaken);
    }
}
