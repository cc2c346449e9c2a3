package io.turboqueue;

import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers on threads of the caller's. */
@Timeout(180)
class WorkerThreadsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private Spool spool;
    private TurboQueue<String> queue;
    private final Queue<String> threads = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(temp.resolve("spool"));
        queue = spool.queue("q", Codecs.utf8());
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private void sayThread(Message<String> message) {
        threads.add(message.payload() + " in " + Thread.currentThread().getName());
    }

    @Test
    void threadsComeFromTheFactory() throws Exception {
        publish(queue, "a");
        AtomicInteger made = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "mine-" + made.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(3).threadFactory(factory), this::sayThread)) {
            Awaitility.await().atMost(PATIENCE).until(() -> !threads.isEmpty());
            assertThat(workers.isRunning()).isTrue();
        }
        assertThat(made).hasValue(3);
        assertThat(threads).singleElement().asString().startsWith("a in mine-");
    }

    @Test
    void aFactoryThatMakesNoThreadIsAnErrorAndNothingRuns() {
        assertThatThrownBy(() -> queue.workers(WorkerOptions.threads(1).threadFactory(task -> null), this::sayThread))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("made no thread");
    }

    @Test
    void anExecutorThatRefusesIsAnErrorAndNothingRuns() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        assertThatThrownBy(() -> queue.workers(WorkerOptions.threads(1).executor(executor), this::sayThread))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void anExecutorIsGivenBackWhenTheWorkersAreClosed() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        publish(queue, "a");
        try (QueueWorkers workers =
                queue.workers(WorkerOptions.threads(2).spread().executor(executor), this::sayThread)) {
            Awaitility.await().atMost(PATIENCE).until(() -> !threads.isEmpty());
            assertThat(workers.isRunning()).isTrue();
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void anExecutorWithTooFewThreadsKeepsNobodyFromClosing() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        publish(queue, "a");
        QueueWorkers workers = queue.workers(WorkerOptions.threads(3).executor(executor), this::sayThread);
        Awaitility.await().atMost(PATIENCE).until(() -> !threads.isEmpty());
        workers.close();
        workers.join();
        executor.shutdown();
        assertThat(executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void workersEndWithTheirExecutor() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        QueueWorkers workers = queue.workers(WorkerOptions.threads(2).executor(executor), this::sayThread);
        assertThat(workers.isRunning()).isTrue();
        executor.shutdownNow();
        workers.join();
        assertThat(workers.isRunning()).isFalse();
        publish(queue, "for others");
        assertThat(TestSpool.drain(queue)).containsExactly("for others");
    }

    static Stream<WorkerOptions> allWaysToShare() {
        WorkerOptions two = WorkerOptions.threads(2);
        return Stream.of(two, two.spread(), two.orderedByKey());
    }

    private static void awaitEnd(QueueWorkers workers, ExecutorService executor) throws InterruptedException {
        Awaitility.await().atMost(PATIENCE).until(() -> !workers.isRunning());
        workers.join();
        assertThat(executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("allWaysToShare")
    void workersEndWithTheirExecutorThoughAHandlerRuns(WorkerOptions options) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        CountDownLatch begun = new CountDownLatch(1);
        publish(queue, "a", "b", "c");
        QueueWorkers workers = queue.workers(options.executor(executor), message -> {
            begun.countDown();
            new CountDownLatch(1).await(); // until it is interrupted
        });
        begun.await();
        executor.shutdownNow();
        awaitEnd(workers, executor);
        assertThat(new SpoolOnDisk(spool.folder()).onOwners()).isEmpty();
    }

    @Test
    void workersEndWithTheirExecutorThoughAHandlerSwallowsTheInterrupt() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        CountDownLatch begun = new CountDownLatch(1);
        publish(queue, "a", "b");
        QueueWorkers workers = queue.workers(WorkerOptions.threads(2).executor(executor), message -> {
            sayThread(message);
            begun.countDown();
            awaitShutdownOf(executor);
        });
        begun.await();
        executor.shutdownNow();
        awaitEnd(workers, executor);
        assertThat(threads).singleElement().asString().startsWith("a in");
        assertThat(TestSpool.drain(queue)).containsExactly("b");
    }

    private static void awaitShutdownOf(ExecutorService executor) {
        while (!executor.isShutdown() || !Thread.interrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void workersEndWithTheirExecutorThoughTheyWaitAfterAnError() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        publish(queue, "a");
        QueueWorkers workers = queue.workers(WorkerOptions.threads(2).executor(executor), message -> {
            throw new OutOfMemoryError("for the test");
        });
        Awaitility.await().atMost(PATIENCE).until(() -> workers.failure().isPresent());
        executor.shutdownNow();
        awaitEnd(workers, executor);
    }

    @Test
    void workersForWhichTheirExecutorHadNoThreadEndWithItToo() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        publish(queue, "a");
        QueueWorkers workers = queue.workers(WorkerOptions.threads(3).executor(executor), this::sayThread);
        Awaitility.await().atMost(PATIENCE).until(() -> !threads.isEmpty());
        executor.shutdownNow();
        awaitEnd(workers, executor);
    }

    @Test
    void idleWorkersEndWithAnExecutorThatInterruptsNobody() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        QueueWorkers workers = queue.workers(WorkerOptions.threads(2).spread().executor(executor), this::sayThread);
        executor.shutdown();
        awaitEnd(workers, executor);
    }

    @Test
    void anInterruptThatComesTooLateForItsHandlerStopsNobody() throws Exception {
        Queue<Thread> own = new ConcurrentLinkedQueue<>();
        try (QueueWorkers workers = queue.workers(1, message -> own.add(Thread.currentThread()))) {
            publish(queue, "a");
            Awaitility.await().atMost(PATIENCE).until(() -> own.size() == 1);
            own.element().interrupt();
            publish(queue, "b");
            Awaitility.await().atMost(PATIENCE).until(() -> own.size() == 2);
            assertThat(workers.isRunning()).isTrue();
        }
    }
}
