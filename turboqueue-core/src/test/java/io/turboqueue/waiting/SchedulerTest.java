package io.turboqueue.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.time.ManualNanos;
import io.turboqueue.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerTest {

    private final ManualNanos clock = new ManualNanos();
    private final List<String> done = new ArrayList<>();

    private void after(Scheduler agenda, Duration time, String name) {
        agenda.after(time.toNanos(), () -> done.add(name));
    }

    @Test
    void tasksRunInTheOrderOfTheirTimesWhateverTheOrderTheyCameIn() {
        Scheduler agenda = new Scheduler(clock);
        after(agenda, Duration.ofSeconds(3), "third");
        after(agenda, Duration.ofSeconds(1), "first");
        after(agenda, Duration.ofSeconds(2), "second");

        clock.advance(Duration.ofSeconds(3));
        agenda.runDue();

        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void tasksOfOneTimeRunInTheOrderTheyCameIn() {
        Scheduler agenda = new Scheduler(clock);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            names.add("task " + i);
            after(agenda, Duration.ofSeconds(1), "task " + i);
        }

        clock.advance(Duration.ofSeconds(1));
        agenda.runDue();

        assertThat(done).isEqualTo(names);
    }

    @Test
    void onlyWhatIsDueRunsAndRunDueTellsWhenTheNextOneIs() {
        Scheduler agenda = new Scheduler(clock);
        after(agenda, Duration.ofSeconds(1), "soon");
        after(agenda, Duration.ofSeconds(10), "late");

        assertThat(Duration.ofNanos(agenda.runDue())).isEqualTo(Duration.ofSeconds(1));
        assertThat(done).isEmpty();

        clock.advance(Duration.ofNanos(999_999_999));
        assertThat(Duration.ofNanos(agenda.runDue())).isEqualTo(Duration.ofNanos(1));
        assertThat(done).isEmpty();

        clock.advance(Duration.ofNanos(1));
        assertThat(Duration.ofNanos(agenda.runDue())).isEqualTo(Duration.ofSeconds(9));
        assertThat(done).containsExactly("soon");
    }

    @Test
    void anEmptyAgendaIsLookedAtOnceAnHour() {
        assertThat(Duration.ofNanos(new Scheduler(clock).runDue())).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aTaskRunsOnce() {
        Scheduler agenda = new Scheduler(clock);
        after(agenda, Duration.ZERO, "once");

        agenda.runDue();
        agenda.runDue();

        assertThat(done).containsExactly("once");
    }

    @Test
    void aTaskMayAddTheNextOne() {
        Scheduler agenda = new Scheduler(clock);
        agenda.after(0, () -> {
            done.add("first");
            after(agenda, Duration.ZERO, "at once");
            after(agenda, Duration.ofSeconds(1), "delayed");
        });

        assertThat(Duration.ofNanos(agenda.runDue())).isEqualTo(Duration.ofSeconds(1));

        assertThat(done).containsExactly("first", "at once");
    }

    @Test
    void aTaskThatFailsEndsNobodyElses() {
        Scheduler agenda = new Scheduler(clock);
        agenda.after(0, () -> {
            throw new IllegalStateException("a task that fails, as this test wants it");
        });
        after(agenda, Duration.ofNanos(1), "next");

        clock.advance(Duration.ofNanos(1));
        agenda.runDue();

        assertThat(done).containsExactly("next");
    }

    @Test
    void theOrderHoldsWhereTheNanoClockWraps() {
        ManualNanos wrapping = new ManualNanos(Long.MAX_VALUE - 5);
        Scheduler agenda = new Scheduler(wrapping);
        after(agenda, Duration.ofNanos(10), "behind the end of the numbers");
        after(agenda, Duration.ofNanos(5), "at the end of the numbers");

        assertThat(agenda.runDue()).isEqualTo(5);
        wrapping.advance(Duration.ofNanos(5));
        assertThat(agenda.runDue()).isEqualTo(5);
        assertThat(done).containsExactly("at the end of the numbers");

        wrapping.advance(Duration.ofNanos(5));
        agenda.runDue();
        assertThat(done).containsExactly("at the end of the numbers", "behind the end of the numbers");
    }

    @Test
    void closingDropsWhatIsLeftAndWhatComesLater() {
        Scheduler agenda = new Scheduler(clock);
        after(agenda, Duration.ofSeconds(1), "left");

        agenda.close();
        after(agenda, Duration.ofSeconds(1), "too late");
        clock.advance(Duration.ofSeconds(1));
        agenda.runDue();
        agenda.close();

        assertThat(done).isEmpty();
    }

    @Test
    void aTaskThatClosesTheAgendaIsTheLast() {
        Scheduler agenda = new Scheduler(clock);
        agenda.after(0, () -> {
            done.add("closing");
            agenda.close();
        });
        after(agenda, Duration.ZERO, "after closing");

        agenda.runDue();

        assertThat(done).containsExactly("closing");
    }

    @Test
    void aStartedAgendaRunsItsTasksOnOneDaemonThreadOfThatName() throws InterruptedException {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        try (Scheduler agenda = new Scheduler(NanoClock.SYSTEM)) {
            agenda.start("turboqueue-test-agenda");
            agenda.start("second");
            agenda.after(0, () -> threads.add(Thread.currentThread()));
            agenda.after(0, () -> threads.add(Thread.currentThread()));

            Thread first = threads.take();
            assertThat(first.getName()).isEqualTo("turboqueue-test-agenda");
            assertThat(first.isDaemon()).isTrue();
            assertThat(threads.take()).isSameAs(first);
        }
    }

    @Test
    void aTaskThatIsSoonerThanAllOthersEndsTheSleep() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        try (Scheduler agenda = new Scheduler(NanoClock.SYSTEM)) {
            CountDownLatch asleep = new CountDownLatch(1);
            agenda.after(TimeUnit.HOURS.toNanos(1), () -> {});
            agenda.after(0, asleep::countDown);
            agenda.start("turboqueue-test-agenda");
            asleep.await();

            agenda.after(0, ran::countDown);

            ran.await();
        }
    }

    @Test
    void theThreadGoesOnAfterATaskThatFailed() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        try (Scheduler agenda = new Scheduler(NanoClock.SYSTEM)) {
            agenda.start("turboqueue-test-agenda");
            agenda.after(0, () -> {
                throw new IllegalStateException("a task that fails, as this test wants it");
            });
            agenda.after(0, ran::countDown);

            ran.await();
        }
    }

    @Test
    void anErrorEndsTheThreadForAllToSeeAndAnotherGoesOn() throws InterruptedException {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        BlockingQueue<Throwable> seen = new LinkedBlockingQueue<>();
        try (Scheduler agenda = new Scheduler(NanoClock.SYSTEM)) {
            agenda.start("turboqueue-test-agenda");
            agenda.after(0, () -> {
                threads.add(Thread.currentThread());
                Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> seen.add(error));
                throw new StackOverflowError("an error, as this test wants it");
            });
            agenda.after(0, () -> threads.add(Thread.currentThread()));

            Thread first = threads.take();
            Thread second = threads.take();
            assertThat(seen.take()).hasMessage("an error, as this test wants it");
            assertThat(second).isNotSameAs(first);
            assertThat(second.getName()).isEqualTo("turboqueue-test-agenda");
            assertThat(second.isDaemon()).isTrue();
        }
    }

    @Test
    void closeLetsTheTaskAtHandFinishAndThenEndsTheThread() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        BlockingQueue<Thread> ended = new LinkedBlockingQueue<>();
        Scheduler agenda = new Scheduler(NanoClock.SYSTEM);
        agenda.start("turboqueue-test-agenda");
        agenda.after(0, () -> {
            running.countDown();
            awaitUninterruptibly(mayEnd);
            ended.add(Thread.currentThread());
        });
        running.await();

        Thread closer = new Thread(agenda::close);
        closer.start();
        assertThat(ended).isEmpty();
        mayEnd.countDown();
        closer.join();

        assertThat(ended).hasSize(1);
        assertThat(ended.take().isAlive()).isFalse();
    }

    @Test
    void anInterruptedCloserStillWaitsAndKeepsItsInterrupt() throws InterruptedException {
        Scheduler agenda = new Scheduler(NanoClock.SYSTEM);
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        agenda.start("turboqueue-test-agenda");
        agenda.after(0, () -> threads.add(Thread.currentThread()));
        Thread thread = threads.take();

        Thread.currentThread().interrupt();
        agenda.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void closingFromItsOwnThreadDoesNotWaitForItself() throws InterruptedException {
        BlockingQueue<Thread> closed = new LinkedBlockingQueue<>();
        Scheduler agenda = new Scheduler(NanoClock.SYSTEM);
        agenda.start("turboqueue-test-agenda");
        agenda.after(0, () -> {
            agenda.close();
            closed.add(Thread.currentThread());
        });

        closed.take().join();
    }

    @Test
    void aClosedAgendaDoesNotStart() {
        Scheduler agenda = new Scheduler(NanoClock.SYSTEM);
        agenda.close();

        agenda.start("turboqueue-never-started");

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("turboqueue-never-started");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
