package io.turboqueue.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FolderSignalTest {

    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);
    private static final FolderSignal.Source NO_SOURCE = new Source(false, new AtomicInteger());

    private record Source(boolean comesAgain, AtomicInteger stopped) implements FolderSignal.Source {
        @Override
        public boolean resume(FolderSignal signal) {
            return comesAgain;
        }

        @Override
        public void stop(FolderSignal signal) {
            stopped.incrementAndGet();
        }
    }

    @Test
    void aNudgeBetweenTheTicketAndTheWaitEndsTheWaitAtOnce() throws InterruptedException {
        FolderSignal signal = new FolderSignal(NO_SOURCE);
        long ticket = signal.ticket();

        signal.nudge();

        signal.await(ticket, FOR_EVER);
        assertThat(signal.ticket()).isNotEqualTo(ticket);
    }

    @Test
    void aNudgeBeforeTheTicketDoesNotCount() throws InterruptedException {
        FolderSignal signal = new FolderSignal(NO_SOURCE);
        signal.nudge();
        long ticket = signal.ticket();
        long start = System.nanoTime();

        signal.await(ticket, TimeUnit.MILLISECONDS.toNanos(5));

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(signal.ticket()).isEqualTo(ticket);
    }

    @Test
    void withoutTimeThereIsNoWait() throws InterruptedException {
        FolderSignal signal = new FolderSignal(NO_SOURCE);

        signal.await(signal.ticket(), 0);
        signal.await(signal.ticket(), -1);
    }

    @Test
    void oneNudgeWakesEverybody() throws InterruptedException {
        FolderSignal signal = new FolderSignal(NO_SOURCE);
        long ticket = signal.ticket();
        Thread[] waiting = new Thread[3];
        CountDownLatch awake = new CountDownLatch(waiting.length);
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = new Thread(() -> {
                try {
                    signal.await(ticket, FOR_EVER);
                    awake.countDown();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            });
            waiting[i].setDaemon(true);
            waiting[i].start();
        }
        for (Thread thread : waiting) {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }

        signal.nudge();

        awake.await();
    }

    @Test
    void whoWouldWaitWhileNudgesDidNotComeLooksAgainFirst() throws InterruptedException {
        FolderSignal signal = new FolderSignal(new Source(true, new AtomicInteger()));

        signal.await(signal.ticket(), FOR_EVER);
    }

    @Test
    void nudgesThatMeetNobodyWaitingAreCounted() throws InterruptedException {
        FolderSignal signal = new FolderSignal(NO_SOURCE);
        long ticket = signal.ticket();
        signal.nudge();
        signal.nudge();
        assertThat(signal.unheard()).isEqualTo(2);

        signal.await(ticket, FOR_EVER);

        assertThat(signal.unheard()).isZero();
    }

    @Test
    void anInterruptEndsTheWait() {
        FolderSignal signal = new FolderSignal(NO_SOURCE);
        long ticket = signal.ticket();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> signal.await(ticket, FOR_EVER)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void closingStopsTheWatch() {
        AtomicInteger closed = new AtomicInteger();
        FolderSignal signal = new FolderSignal(new Source(false, closed));

        signal.close();

        assertThat(closed).hasValue(1);
    }
}
