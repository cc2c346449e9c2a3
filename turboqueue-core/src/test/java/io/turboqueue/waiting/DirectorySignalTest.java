package io.turboqueue.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DirectorySignalTest {

    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);
    private static final DirectorySignal.Source NO_SOURCE = new Source(false, new AtomicInteger());

    private record Source(boolean comesAgain, AtomicInteger stopped) implements DirectorySignal.Source {
        @Override
        public boolean resume(DirectorySignal signal) {
            return comesAgain;
        }

        @Override
        public void stop(DirectorySignal signal) {
            stopped.incrementAndGet();
        }
    }

    @Test
    void aNudgeBetweenTheTicketAndTheWaitEndsTheWaitAtOnce() throws InterruptedException {
        DirectorySignal signal = new DirectorySignal(NO_SOURCE);
        long ticket = signal.ticket();

        signal.wakeUp();

        signal.await(ticket, FOR_EVER);
        assertThat(signal.ticket()).isNotEqualTo(ticket);
    }

    @Test
    void aNudgeBeforeTheTicketDoesNotCount() throws InterruptedException {
        DirectorySignal signal = new DirectorySignal(NO_SOURCE);
        signal.wakeUp();
        long ticket = signal.ticket();
        long start = System.nanoTime();

        signal.await(ticket, TimeUnit.MILLISECONDS.toNanos(5));

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(signal.ticket()).isEqualTo(ticket);
    }

    @Test
    void withoutTimeThereIsNoWait() throws InterruptedException {
        DirectorySignal signal = new DirectorySignal(NO_SOURCE);

        signal.await(signal.ticket(), 0);
        signal.await(signal.ticket(), -1);
    }

    @Test
    void oneNudgeWakesEverybody() throws InterruptedException {
        DirectorySignal signal = new DirectorySignal(NO_SOURCE);
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

        signal.wakeUp();

        awake.await();
    }

    @Test
    void whoWouldWaitWhileNudgesDidNotComeLooksAgainFirst() throws InterruptedException {
        DirectorySignal signal = new DirectorySignal(new Source(true, new AtomicInteger()));

        signal.await(signal.ticket(), FOR_EVER);
    }

    @Test
    void nudgesThatMeetNobodyWaitingAreCounted() throws InterruptedException {
        DirectorySignal signal = new DirectorySignal(NO_SOURCE);
        long ticket = signal.ticket();
        signal.wakeUp();
        signal.wakeUp();
        assertThat(signal.missedWakeUps()).isEqualTo(2);

        signal.await(ticket, FOR_EVER);

        assertThat(signal.missedWakeUps()).isZero();
    }

    @Test
    void anInterruptEndsTheWait() {
        DirectorySignal signal = new DirectorySignal(NO_SOURCE);
        long ticket = signal.ticket();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> signal.await(ticket, FOR_EVER)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void closingStopsTheWatch() {
        AtomicInteger closed = new AtomicInteger();
        DirectorySignal signal = new DirectorySignal(new Source(false, closed));

        signal.close();

        assertThat(closed).hasValue(1);
    }
}
