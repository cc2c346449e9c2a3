package io.turboqueue;

import static io.turboqueue.TestSpool.config;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.inspect.QueueStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private Spool spool;
    private TurboQueue<String> queue;
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(temp.resolve("spool"));
        queue = spool.queue("q", Codecs.utf8(), config("delivery.retryBackoff=5ms", "batch.maxMessages=10"));
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private static List<String> messages(int count) {
        return IntStream.range(0, count).mapToObj(i -> "message " + i).toList();
    }

    private void publishAll(List<String> messages) throws Exception {
        publish(queue, messages.toArray(String[]::new));
    }

    private void awaitEmpty() {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            QueueStats stats = queue.inspector().stats();
            return stats.ready().batches()
                            + stats.delayed().batches()
                            + stats.claimed().batches()
                    == 0;
        });
    }

    @Test
    void everyMessageIsHandledOnce() throws Exception {
        List<String> sent = messages(1000);
        publishAll(sent);
        try (QueueWorkers workers = queue.workers(4, message -> handled.add(message.payload()))) {
            awaitEmpty();
            assertThat(workers).isNotNull();
        }
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void aMessageThatFailsIsRetriedAloneUntilItIsHandled() throws Exception {
        publishAll(messages(10));
        Map<String, Integer> failures = new ConcurrentHashMap<>();
        Set<String> attemptHeaders = ConcurrentHashMap.newKeySet();
        QueueWorkers workers = queue.workers(2, message -> {
            attemptHeaders.add(message.payload() + "/" + message.headers().get(Headers.ATTEMPT));
            if (message.payload().equals("message 3") && failures.merge("message 3", 1, Integer::sum) < 3) {
                throw new IOException("not yet");
            }
            handled.add(message.payload());
        });
        Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 10);
        awaitEmpty();
        workers.close();

        assertThat(handled).containsExactlyInAnyOrderElementsOf(messages(10));
        assertThat(attemptHeaders).hasSize(12).contains("message 3/null", "message 3/1", "message 3/2");
    }

    @Test
    void aMessageThatAlwaysFailsIsDeadAtTheLimitAndTheOthersAreHandled() throws Exception {
        TurboQueue<String> limited =
                spool.queue("q", Codecs.utf8(), config("delivery.retryBackoff=5ms", "delivery.maxAttempts=3"));
        publishAll(messages(5));
        Queue<String> tried = new ConcurrentLinkedQueue<>();
        QueueWorkers workers = limited.workers(2, message -> {
            if (message.payload().equals("message 2")) {
                tried.add(message.payload());
                throw new IOException("never");
            }
            handled.add(message.payload());
        });
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> limited.inspector().stats().dead().messages() == 1);
        awaitEmpty();
        workers.close();

        assertThat(tried).hasSize(3);
        assertThat(handled).containsExactlyInAnyOrder("message 0", "message 1", "message 3", "message 4");
    }

    @Test
    void stoppingInTheMiddleGivesTheRestBackWithNoAttemptCounted() throws Exception {
        publishAll(messages(10));
        CountDownLatch third = new CountDownLatch(3);
        CountDownLatch goOn = new CountDownLatch(1);
        QueueWorkers workers = queue.workers(1, message -> {
            handled.add(message.payload());
            third.countDown();
            if (handled.size() == 3) {
                goOn.await();
            }
        });
        assertThat(third.await(1, TimeUnit.MINUTES)).isTrue();
        try (Crew crew = new Crew()) {
            Future<Boolean> closing = crew.start(() -> {
                workers.close();
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            assertThat(Crew.result(closing)).isTrue();
        }
        workers.join();

        assertThat(handled).containsExactly("message 0", "message 1", "message 2");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> rest = TestSpool.claim(consumer);
            assertThat(rest.attempt()).isZero();
            assertThat(TestSpool.payloads(rest)).isEqualTo(messages(10).subList(3, 10));
            rest.ack();
        }
    }

    @Test
    void stoppingAfterTheLastMessageLeavesNothing() throws Exception {
        publishAll(List.of("only"));
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        QueueWorkers workers = queue.workers(1, message -> {
            inHandler.countDown();
            goOn.await();
        });
        assertThat(inHandler.await(1, TimeUnit.MINUTES)).isTrue();
        try (Crew crew = new Crew()) {
            Future<Boolean> closing = crew.start(() -> {
                workers.close();
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            assertThat(Crew.result(closing)).isTrue();
        }
        assertThat(drain(queue)).isEmpty();
        assertThat(new SpoolOnDisk(spool.folder()).onOwners()).isEmpty();
    }

    private static Stream<Supplier<Throwable>> whateverAHandlerMayThrow() {
        return Stream.of(
                () -> new IOException("an exception"),
                () -> new AssertionError("a bug"),
                () -> new LinkageError("a class is missing"),
                () -> new StackOverflowError("deep"),
                () -> new OutOfMemoryError("large"),
                () -> new InternalError("a mapped file was cut off"),
                ThreadDeath::new,
                () -> new Throwable("neither"),
                UntellableException::new,
                () -> new IOException("its cause", new UntellableException()));
    }

    /** Cannot be asked for anything. */
    private static final class UntellableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }

    @ParameterizedTest
    @MethodSource("whateverAHandlerMayThrow")
    void whateverAHandlerThrowsIsAFailureOfItsMessageAlone(Supplier<Throwable> thrown) throws Exception {
        TurboQueue<String> limited =
                spool.queue("q", Codecs.utf8(), config("delivery.retryBackoff=5ms", "delivery.maxAttempts=2"));
        publishAll(messages(5));
        AtomicInteger tries = new AtomicInteger();
        try (QueueWorkers workers = limited.workers(2, message -> {
            if (message.payload().equals("message 2")) {
                tries.incrementAndGet();
                sneak(thrown.get());
            }
            handled.add(message.payload());
        })) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> limited.inspector().stats().dead().messages() == 1);
            awaitEmpty();
            publishAll(List.of("delayed"));
            Awaitility.await().atMost(PATIENCE).until(() -> handled.contains("delayed"));
            assertThat(workers.isRunning()).isTrue();
        }
        assertThat(tries).hasValue(2);
        assertThat(handled).containsExactlyInAnyOrder("message 0", "message 1", "message 3", "message 4", "delayed");
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void workGoesOnUntilTheThreadIsInterrupted() throws Exception {
        publishAll(messages(20));
        try (Crew crew = new Crew()) {
            Future<Boolean> work = crew.start(() -> {
                queue.work(2, message -> handled.add(message.payload()));
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 20);
            assertThat(work.isDone()).isFalse();
            crew.thread().interrupt();
            assertThatThrownBy(() -> Crew.result(work)).isInstanceOf(InterruptedException.class);
        }
        assertThat(workerThreads()).isEmpty();
    }

    @Test
    void workEndsWhenTheSpoolIsClosed() throws Exception {
        publishAll(messages(20));
        try (Crew crew = new Crew()) {
            Future<Boolean> work = crew.start(() -> {
                queue.work(2, message -> handled.add(message.payload()));
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 20);
            spool.close();
            assertThat(Crew.result(work)).isTrue();
        }
        assertThat(workerThreads()).isEmpty();
    }

    @Test
    void workersGoOnWhenADeletedQueueIsThereAgain() throws Exception {
        publishAll(messages(1));
        try (QueueWorkers workers = queue.workers(2, message -> handled.add(message.payload()))) {
            awaitEmpty();
            SpoolOnDisk.deleteTree(spool.folder().resolve("q"));
            publishAll(List.of("again"));
            Awaitility.await().atMost(PATIENCE).until(() -> handled.contains("again"));
            assertThat(workers.isRunning()).isTrue();
        }
    }

    @Test
    void workersWhoseSpoolIsDeletedSaySo() throws Exception {
        try (QueueWorkers workers = queue.workers(2, message -> handled.add(message.payload()))) {
            SpoolOnDisk.deleteTree(spool.folder());
            Awaitility.await().atMost(PATIENCE).until(() -> workers.failure().isPresent());
            assertThat(workers.failure().orElseThrow())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is gone");
            assertThat(workers.isRunning()).isTrue();
        }
    }

    @Test
    void anInterruptInAHandlerIsAFailureOfThatMessageLikeAnyOther() throws Exception {
        publishAll(messages(3));
        Set<String> interrupted = ConcurrentHashMap.newKeySet();
        QueueWorkers workers = queue.workers(1, message -> {
            if (interrupted.add(message.payload())) {
                Thread.currentThread().interrupt();
                Thread.sleep(1);
            }
            handled.add(message.payload());
        });
        Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 3);
        awaitEmpty();
        workers.close();
        assertThat(handled).containsExactlyInAnyOrderElementsOf(messages(3));
    }

    @Test
    void workersWaitOutABrokenDisk() throws Exception {
        ProbeDisk disk = new ProbeDisk().watchingAllThreads();
        try (Spool broken = Spool.builder(temp.resolve("broken")).disk(disk).open()) {
            TurboQueue<String> brokenQueue = broken.queue("q", Codecs.utf8(), config("delivery.retryBackoff=1ms"));
            publish(brokenQueue, "a");
            AtomicInteger opens = new AtomicInteger();
            disk.breakAll(step -> step.is(ProbeDisk.Op.OPEN, "claimed~") && opens.incrementAndGet() <= 3);
            try (QueueWorkers workers = brokenQueue.workers(1, message -> handled.add(message.payload()))) {
                Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 1);
                assertThat(workers).isNotNull();
            }
        }
        assertThat(handled).containsExactly("a");
    }

    private static Stream<RuntimeException> bugsOutsideTheHandler() {
        return Stream.of(new IllegalStateException("a bug"), new UncheckedIOException(new IOException("a disk")));
    }

    @ParameterizedTest
    @MethodSource("bugsOutsideTheHandler")
    void whatFailsOutsideTheHandlerIsToldWaitedOutAndTriedAgain(RuntimeException bug) throws Exception {
        ProbeDisk disk = new ProbeDisk().watchingAllThreads();
        try (Spool broken = Spool.builder(temp.resolve("broken")).disk(disk).open()) {
            TurboQueue<String> brokenQueue = broken.queue("q", Codecs.utf8(), config("delivery.retryBackoff=1ms"));
            disk.breakAll(step -> {
                if (step.is(ProbeDisk.Op.LIST, "q/ready")) {
                    throw bug;
                }
                return false;
            });
            try (QueueWorkers workers = brokenQueue.workers(2, message -> handled.add(message.payload()))) {
                Awaitility.await().atMost(PATIENCE).until(() -> workers.failure()
                        .isPresent());
                assertThat(workers.failure().orElseThrow()).isSameAs(bug);
                assertThat(workers.isRunning()).isTrue();

                disk.repair();
                publish(brokenQueue, "a");
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> handled.size() == 1 && workers.failure().isEmpty());
            }
        }
    }

    @Test
    void aCheckpointThatFailsGivesTheBatchBackAndWorkersGoOn() throws Exception {
        ProbeDisk disk = new ProbeDisk().watchingAllThreads();
        try (Spool broken = Spool.builder(temp.resolve("broken")).disk(disk).open()) {
            TurboQueue<String> brokenQueue = broken.queue(
                    "q", Codecs.utf8(), config("delivery.retryBackoff=1ms", "delivery.checkpointInterval=0s"));
            publish(brokenQueue, "a", "b", "c");
            AtomicInteger checkpoints = new AtomicInteger();
            disk.breakAll(step -> {
                if ((step.is(ProbeDisk.Op.RENAME, ".o2") || step.is(ProbeDisk.Op.RENAME, ".x2"))
                        && checkpoints.incrementAndGet() == 1) {
                    throw new IllegalStateException("a bug");
                }
                return false;
            });
            try (QueueWorkers workers = brokenQueue.workers(1, message -> handled.add(message.payload()))) {
                Awaitility.await().atMost(PATIENCE).until(() -> handled.contains("c"));
                assertThat(workers.isRunning()).isTrue();
            }
        }
        assertThat(handled).containsExactly("a", "b", "b", "c");
    }

    @Test
    void howFarABatchIsDoneIsRecordedByTime() throws Exception {
        TurboQueue<String> timed = spool.queue("q", Codecs.utf8(), config("delivery.checkpointInterval=20ms"));
        publishAll(messages(10));
        CountDownLatch goOn = new CountDownLatch(1);
        try (QueueWorkers workers = timed.workers(1, message -> {
            handled.add(message.payload());
            Thread.sleep(message.id() == 3 ? 25 : 0);
            if (message.id() == 5) {
                goOn.await();
            }
        })) {
            Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 5);
            assertThat(new SpoolOnDisk(spool.folder()).onlyClaim().toString()).containsPattern("\\.o[34]\\.db");
            goOn.countDown();
            awaitEmpty();
            assertThat(workers.failure()).isEmpty();
        }
    }

    @Test
    void workersAreRunningUntilTheyAreClosed() throws Exception {
        QueueWorkers workers = queue.workers(2, message -> {});
        assertThat(workers.isRunning()).isTrue();
        workers.close();
        assertThat(workers.isRunning()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void theNumberOfThreadsIsChecked(int threads) {
        assertThatThrownBy(() -> queue.workers(threads, message -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads = " + threads + " is not allowed: it must be from 1 to 10000");
    }

    @Test
    void closingTwiceIsFine() throws Exception {
        QueueWorkers workers = queue.workers(2, message -> {});
        workers.close();
        assertThatCode(workers::close).doesNotThrowAnyException();
        assertThatCode(workers::join).doesNotThrowAnyException();
    }

    @Test
    void aHandlerMayCloseItsWorkers() throws Exception {
        publishAll(messages(5));
        CountDownLatch started = new CountDownLatch(1);
        Queue<QueueWorkers> self = new ConcurrentLinkedQueue<>();
        QueueWorkers workers = queue.workers(1, message -> {
            started.await();
            handled.add(message.payload());
            self.element().close();
        });
        self.add(workers);
        started.countDown();
        workers.join();

        assertThat(handled).containsExactly("message 0");
        assertThat(drain(queue)).isEqualTo(messages(5).subList(1, 5));
    }

    @Test
    void aPayloadThatCannotBeDecodedIsAFailureOfThatMessageOnly() throws Exception {
        TurboQueue<Integer> numbers = spool.queue(
                "q", Codecs.json(Integer.class), config("delivery.maxAttempts=1", "delivery.retryBackoff=1ms"));
        publish(queue, "1", "two", "3");
        try (QueueWorkers workers = numbers.workers(1, message -> handled.add("number " + message.payload()))) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> numbers.inspector().stats().dead().messages() == 1);
            assertThat(workers).isNotNull();
        }
        assertThat(handled).containsExactly("number 1", "number 3");
    }

    private static List<String> workerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("turboqueue-worker"))
                .toList();
    }

    @Test
    void aHandlerThatTakesTooLongIsInterruptedBeforeItsClaimIsTakenBack() throws Exception {
        TurboQueue<String> limited =
                spool.queue("q", Codecs.utf8(), config("delivery.maxProcessingTime=2s", "delivery.retryBackoff=5ms"));
        publishAll(messages(5));
        Queue<String> interrupted = new ConcurrentLinkedQueue<>();
        QueueWorkers workers = limited.workers(1, message -> {
            if (message.payload().equals("message 2") && interrupted.isEmpty()) {
                try {
                    new CountDownLatch(1).await(); // for ever
                } catch (InterruptedException tooLong) {
                    interrupted.add(message.payload());
                    throw tooLong;
                }
            }
            handled.add(message.payload());
        });
        Awaitility.await().atMost(PATIENCE).until(() -> Set.copyOf(handled).size() == 5);
        awaitEmpty();
        workers.close();

        assertThat(interrupted).containsExactly("message 2");
    }

    @Test
    void aHandlerThatLeavesItsThreadInterruptedStopsNobody() throws Exception {
        publishAll(messages(30));
        try (QueueWorkers workers = queue.workers(2, message -> {
            handled.add(message.payload());
            Thread.currentThread().interrupt();
        })) {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> handled.size() == 30);
            assertThat(workers).isNotNull();
        }
        assertThat(handled).containsExactlyInAnyOrderElementsOf(messages(30));
    }
}
