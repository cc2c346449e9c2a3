package io.turboqueue;

import static io.turboqueue.TestSpool.config;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Closing ends, whatever handlers do. */
@Timeout(180)
class ClosingWorkersTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    Path temp;

    private Spool spool;
    private TurboQueue<String> queue;
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(1);

    @BeforeEach
    void open() throws Exception {
        spool = Spool.open(temp.resolve("spool"));
        queue = spool.queue("q", Codecs.utf8(), config("delivery.retryBackoff=0s"));
        publish(queue, "a", "hangs", "b");
    }

    @AfterEach
    void close() throws IOException {
        released.countDown();
        spool.close();
    }

    private void handleButHang(Message<String> message) {
        if (message.payload().equals("hangs")) {
            stuck.countDown();
            hang();
        }
        handled.add(message.payload());
    }

    /** For as long as the test likes, whoever interrupts it. */
    private void hang() {
        while (true) {
            try {
                released.await();
                return;
            } catch (InterruptedException ignored) {
                // which is the point
            }
        }
    }

    private TurboQueue<String> seenByAnother(Spool other) throws IOException {
        return other.queue("q", Codecs.utf8());
    }

    /** The message that failed waits for its retry first. */
    private List<String> allOf(TurboQueue<String> other) {
        Queue<String> all = new ConcurrentLinkedQueue<>();
        Awaitility.await().atMost(PATIENCE).until(() -> {
            all.addAll(drain(other));
            return all.size() == 2;
        });
        return List.copyOf(all);
    }

    @Test
    void aHandlerThatHangsIsLeftBehindAndItsMessageAloneHasFailed() throws Exception {
        QueueWorkers workers = queue.workers(1, this::handleButHang);
        stuck.await();
        workers.close(SHORT);
        assertThat(workers.isRunning()).isFalse();
        workers.join();
        assertThat(new SpoolOnDisk(spool.folder()).onOwners()).isEmpty();

        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> rest = consumer.poll(PATIENCE).orElseThrow();
            ClaimedBatch<String> failed = consumer.poll(PATIENCE).orElseThrow();
            ClaimedBatch<String> untried = rest.attempt() == 0 ? rest : failed;
            ClaimedBatch<String> tried = rest.attempt() == 0 ? failed : rest;
            assertThat(TestSpool.payloads(untried)).containsExactly("b");
            Message<String> hung = tried.iterator().next();
            assertThat(hung.payload()).isEqualTo("hangs");
            assertThat(hung.headers())
                    .containsEntry(Headers.ATTEMPT, "1")
                    .hasEntrySatisfying(Headers.ERROR, error -> assertThat(error)
                            .contains("did not end when its workers were closed"));
            untried.ack();
            tried.ack();
        }
    }

    @Test
    void whoWasLeftBehindChangesNothingAnyMore() throws Exception {
        QueueWorkers workers = queue.workers(1, this::handleButHang);
        stuck.await();
        workers.close(SHORT);
        assertThat(allOf(queue)).containsExactlyInAnyOrder("hangs", "b");

        released.countDown();
        Awaitility.await().atMost(PATIENCE).until(() -> handled.contains("hangs"));
        assertThat(handled).containsExactly("a", "hangs");
        assertThat(drain(queue)).isEmpty();
    }

    @Test
    void closingTheSpoolLeavesABusyHandlerBehindToo() throws Exception {
        queue.workers(1, this::handleButHang);
        stuck.await();
        spool.close(SHORT);
        assertThat(new SpoolOnDisk(spool.folder()).owners()).isEmpty();
        try (Spool other = Spool.open(spool.folder())) {
            assertThat(allOf(seenByAnother(other))).containsExactlyInAnyOrder("hangs", "b");
        }
    }

    @Test
    void aHandlerThatHeedsItsInterruptHasFailedAndIsNotLeftBehind() throws Exception {
        QueueWorkers workers = queue.workers(1, message -> {
            handled.add(message.payload());
            if (message.payload().equals("hangs")) {
                stuck.countDown();
                released.await();
            }
        });
        stuck.await();
        workers.close(Duration.ZERO);
        workers.join();
        assertThat(allOf(queue)).containsExactlyInAnyOrder("hangs", "b");
        assertThat(handled).containsExactly("a", "hangs");
    }

    @Test
    void aHandlerMayCloseItsSpool() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        QueueWorkers workers = queue.workers(1, message -> {
            handled.add(message.payload());
            spool.close();
            returned.countDown();
        });
        workers.join();
        assertThat(returned.getCount()).as("the handler went on").isZero();
        spool.close(); // waits for the thread that does it
        assertThat(new SpoolOnDisk(spool.folder()).owners()).isEmpty();
        try (Spool other = Spool.open(spool.folder());
                QueueConsumer<String> consumer = seenByAnother(other).consumer()) {
            ClaimedBatch<String> rest = TestSpool.claim(consumer);
            assertThat(rest.attempt()).isZero();
            assertThat(TestSpool.payloads(rest)).containsExactly("hangs", "b");
            rest.ack();
        }
        assertThat(handled).containsExactly("a");
    }

    @Test
    void aHandlerThatClosedItsWorkersIsWaitedForWhenTheSpoolIsClosed() throws Exception {
        BlockingQueue<QueueWorkers> own = new LinkedBlockingQueue<>();
        own.add(queue.workers(1, message -> {
            own.take().close();
            stuck.countDown();
            try {
                released.await();
            } catch (InterruptedException closing) {
                handled.add(message.payload() + " was interrupted");
            }
        }));
        stuck.await();
        spool.close(SHORT);
        assertThat(handled).containsExactly("a was interrupted");
        try (Spool other = Spool.open(spool.folder());
                QueueConsumer<String> consumer = seenByAnother(other).consumer()) {
            ClaimedBatch<String> rest = TestSpool.claim(consumer);
            assertThat(rest.failures()).isZero();
            assertThat(TestSpool.payloads(rest)).containsExactly("hangs", "b");
            rest.ack();
        }
    }

    @Test
    void aSecondCloseWaitsForTheFirst() throws Exception {
        queue.workers(1, this::handleButHang);
        stuck.await();
        try (Crew crew = new Crew()) {
            Future<Boolean> first = crew.start(() -> {
                spool.close(PATIENCE);
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> !canBeUsed());
            Future<Boolean> second = crew.start(() -> {
                spool.close(Duration.ZERO);
                return new SpoolOnDisk(spool.folder()).owners().isEmpty();
            });
            assertThat(second.isDone()).isFalse();
            released.countDown();
            assertThat(Crew.result(second)).as("all is closed when it returns").isTrue();
            assertThat(Crew.result(first)).isTrue();
        }
        assertThat(handled).containsExactly("a", "hangs");
    }

    private boolean canBeUsed() throws IOException {
        try {
            queue.producer().close();
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    @Test
    void anInterruptDoesNotCutClosingShort() throws Exception {
        QueueWorkers workers = queue.workers(1, this::handleButHang);
        stuck.await();
        try (Crew crew = new Crew()) {
            Future<Boolean> closing = crew.start(() -> {
                Thread.currentThread().interrupt();
                workers.close(PATIENCE);
                return Thread.interrupted();
            });
            Awaitility.await().atMost(PATIENCE).until(() -> !workers.isRunning());
            released.countDown();
            assertThat(Crew.result(closing)).as("the interrupt was kept").isTrue();
        }
        assertThat(handled).containsExactly("a", "hangs");
    }

    /** A thread that reports whether anybody interrupted it. */
    private static final class Watched extends Thread {
        private volatile boolean wasInterrupted;

        Watched(Runnable task) {
            super(task);
        }

        @Override
        public void interrupt() {
            wasInterrupted = true;
            super.interrupt();
        }
    }

    @Test
    void anIdleWorkerEndsByItselfWhenTheJvmEnds() throws Exception {
        QueueConfig shorterThanAPoll =
                QueueConfig.builder().closeTimeout(Duration.ofSeconds(8)).build();
        Spool other =
                Spool.builder(temp.resolve("idle")).config(shorterThanAPoll).open();
        TurboQueue<String> empty = other.queue("empty", Codecs.utf8());
        Queue<Watched> threads = new ConcurrentLinkedQueue<>();
        WorkerOptions options = WorkerOptions.threads(1).threadFactory(task -> {
            Watched thread = new Watched(task);
            threads.add(thread);
            return thread;
        });
        empty.workers(options, message -> {});
        Awaitility.await().atMost(PATIENCE).until(() -> threads.stream()
                .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));

        other.session().shutdown();

        assertThat(threads).hasSize(1).noneMatch(thread -> thread.wasInterrupted);
    }
}
