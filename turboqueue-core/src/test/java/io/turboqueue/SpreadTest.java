package io.turboqueue;

import static io.turboqueue.TestSpool.config;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads that share the messages of a batch. */
@Timeout(180)
class SpreadTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int THREADS = 4;

    @TempDir
    Path temp;

    private Spool spool;
    private TurboQueue<String> queue;
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(temp.resolve("spool"));
        queue = spool.queue("q", Codecs.utf8(), config("delivery.retryBackoff=5ms", "delivery.checkpointInterval=0s"));
    }

    @AfterEach
    void close() throws IOException {
        goOn.countDown();
        spool.close();
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private void awaitEmpty() {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            var stats = queue.inspector().stats();
            return stats.ready().batches()
                            + stats.delayed().batches()
                            + stats.claimed().batches()
                    == 0;
        });
    }

    @Test
    void theMessagesOfOneBatchAreHandledByAllThreadsAtOnce() throws Exception {
        publish(queue, numbers(4 * THREADS));
        CyclicBarrier all = new CyclicBarrier(THREADS);
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(THREADS).spread(), message -> {
            all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            handled.add(message.payload());
        })) {
            awaitEmpty();
            assertThat(workers.failure()).isEmpty();
        }
        assertThat(handled).containsExactlyInAnyOrder(numbers(4 * THREADS));
    }

    @Test
    void theOffsetGoesOnlyAsFarAsEverythingBeforeItIsDone() throws Exception {
        publish(queue, numbers(20));
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(2).spread(), message -> {
            if (message.payload().equals("3")) {
                goOn.await();
            }
            handled.add(message.payload());
        })) {
            Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 19);
            assertThat(new SpoolOnDisk(spool.folder()).onlyClaim().toString()).endsWith(".o3.db");
            goOn.countDown();
            awaitEmpty();
            assertThat(workers.failure()).isEmpty();
        }
        assertThat(handled).containsExactlyInAnyOrder(numbers(20));
    }

    @Test
    void theNextBatchIsBegunWhileASlowMessageKeepsTheLastOne() throws Exception {
        publish(queue, numbers(4));
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(2).spread(), message -> {
            if (message.payload().equals("2")) {
                goOn.await();
            }
            handled.add(message.payload());
        })) {
            Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 3);
            publish(queue, "next");
            Awaitility.await().atMost(PATIENCE).until(() -> handled.contains("next"));
            goOn.countDown();
            awaitEmpty();
            assertThat(workers.failure()).isEmpty();
        }
        assertThat(handled).hasSize(5);
    }

    @Test
    void aMessageThatFailsIsRetriedAlone() throws Exception {
        publish(queue, numbers(40));
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(THREADS).spread(), message -> {
            if (tries.merge(message.payload(), 1, Integer::sum) == 1 && Integer.parseInt(message.payload()) % 7 == 0) {
                throw new IOException("not yet");
            }
            handled.add(message.payload());
        })) {
            Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 40);
            awaitEmpty();
            assertThat(workers.isRunning()).isTrue();
        }
        assertThat(handled).containsExactlyInAnyOrder(numbers(40));
        assertThat(tries.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(46);
    }

    @Test
    void closingInTheMiddleGivesBackExactlyWhatWasNotHandled() throws Exception {
        publish(queue, numbers(100));
        QueueWorkers workers = queue.workers(WorkerOptions.threads(THREADS).spread(), message -> {
            handled.add(message.payload());
            Thread.sleep(1);
        });
        Awaitility.await().atMost(PATIENCE).until(() -> handled.size() > 10);
        workers.close();
        assertThat(new SpoolOnDisk(spool.folder()).onOwners()).isEmpty();

        handled.addAll(TestSpool.drain(queue));
        assertThat(handled).containsExactlyInAnyOrder(numbers(100));
    }

    @Test
    void aHandlerThatHangsFailsAloneAndTheOthersAreNotRepeated() throws Exception {
        publish(queue, numbers(20));
        QueueWorkers workers = queue.workers(WorkerOptions.threads(2).spread(), message -> {
            if (message.payload().equals("3")) {
                goOn.await();
            }
            handled.add(message.payload());
        });
        Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 19);
        workers.close(Duration.ZERO);
        Awaitility.await().atMost(PATIENCE).until(() -> {
            handled.addAll(TestSpool.drain(queue));
            return handled.size() == 20;
        });
        assertThat(handled).containsExactlyInAnyOrder(numbers(20));
    }

    @Test
    void aBatchThatHasFailedIsNotShared() throws Exception {
        publish(queue, numbers(12));
        try (QueueConsumer<String> consumer = queue.consumer()) {
            TestSpool.claim(consumer).nack(Duration.ZERO);
        }
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(THREADS).spread(), message -> {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            Thread.sleep(2);
            handled.add(message.payload());
            atOnce.decrementAndGet();
        })) {
            awaitEmpty();
            assertThat(workers.failure()).isEmpty();
        }
        assertThat(mostAtOnce).hasValue(1);
        assertThat(handled).containsExactly(numbers(12));
    }

    private void sendWithKeys(List<String> keys) throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            for (int i = 0; i < keys.size(); i++) {
                producer.send(Integer.toString(i), SendOptions.create().key(keys.get(i)));
                if (i % 100 == 99) {
                    producer.flush();
                }
            }
        }
    }

    @Test
    void messagesOfOneKeyAreHandledInOrderAndOneAtATime() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> keys = IntStream.range(0, 600)
                .mapToObj(i -> random.nextBoolean() ? "hot" : "key" + random.nextInt(10))
                .toList();
        sendWithKeys(keys);
        Set<String> busy = ConcurrentHashMap.newKeySet();
        Queue<String> violations = new ConcurrentLinkedQueue<>();
        Map<String, Integer> last = new ConcurrentHashMap<>();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(THREADS).orderedByKey(), message -> {
            String key = String.valueOf(message.key());
            int number = Integer.parseInt(message.payload());
            if (!busy.add(key)) {
                violations.add(number + " began during another of " + key);
            }
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            Integer before = last.put(key, number);
            if (before != null && before > number) {
                violations.add(number + " after " + before + " of " + key);
            }
            if (number % 50 == 0) {
                Thread.sleep(2);
            }
            atOnce.decrementAndGet();
            busy.remove(key);
            handled.add(message.payload());
        })) {
            Awaitility.await().atMost(PATIENCE).until(() -> handled.size() == 600);
            awaitEmpty();
            assertThat(workers.failure()).isEmpty();
        }
        assertThat(violations).as("seed %d", seed).isEmpty();
        assertThat(handled).as("seed %d", seed).containsExactlyInAnyOrder(numbers(600));
        assertThat(mostAtOnce).as("seed %d", seed).hasValueGreaterThan(1);
    }

    @Test
    void oneKeyAloneKeepsOneThreadBusyAndClosingGivesTheRestBack() throws Exception {
        sendWithKeys(IntStream.range(0, 99).mapToObj(i -> "same").toList());
        CountDownLatch begun = new CountDownLatch(1);
        QueueWorkers workers = queue.workers(WorkerOptions.threads(THREADS).orderedByKey(), message -> {
            handled.add(message.payload());
            begun.countDown();
            goOn.await();
        });
        begun.await();
        workers.close(Duration.ZERO); // the first fails by its interrupt, the others are not begun
        assertThat(new SpoolOnDisk(spool.folder()).onOwners()).isEmpty();
        assertThat(handled).containsExactly("0");
        Queue<String> rest = new ConcurrentLinkedQueue<>();
        Awaitility.await().atMost(PATIENCE).until(() -> {
            rest.addAll(TestSpool.drain(queue));
            return rest.size() == 99;
        });
        assertThat(rest).containsExactlyInAnyOrder(numbers(99));
    }

    @Test
    void messagesThatWaitForOneOfTheirKeyAreNotBegunOnceTheWorkersAreClosed() throws Exception {
        sendWithKeys(List.of("same", "same", "same", "same", "other"));
        QueueWorkers workers = queue.workers(WorkerOptions.threads(3).orderedByKey(), message -> {
            if (message.payload().equals("0")) {
                goOn.await();
            }
            handled.add(message.payload());
        });
        Awaitility.await().atMost(PATIENCE).until(() -> handled.contains("4")); // so 1 to 3 wait
        try (Crew crew = new Crew()) {
            Future<Boolean> closing = crew.start(() -> {
                workers.close(PATIENCE);
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> !workers.isRunning());
            goOn.countDown();
            assertThat(Crew.result(closing)).isTrue();
        }
        assertThat(handled).containsExactly("4", "0");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> rest = TestSpool.claim(consumer);
            assertThat(rest.failures()).isZero();
            assertThat(rest.attempt()).as("4 comes again, and the name says so").isEqualTo(1);
            assertThat(TestSpool.payloads(rest))
                    .as("4 was ahead of the checkpoint")
                    .containsExactly("1", "2", "3", "4");
            rest.ack();
        }
    }

    @Test
    void aMessageWithoutAKeyWaitsForNobody() throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("slow", SendOptions.create().key("k"));
            producer.send("waits", SendOptions.create().key("k"));
            producer.send("free");
        }
        try (QueueWorkers workers = queue.workers(WorkerOptions.threads(2).orderedByKey(), message -> {
            if (message.payload().equals("slow")) {
                goOn.await();
            }
            handled.add(message.payload());
        })) {
            Awaitility.await().atMost(PATIENCE).until(() -> handled.contains("free"));
            assertThat(handled).containsExactly("free");
            goOn.countDown();
            awaitEmpty();
            assertThat(workers.failure()).isEmpty();
        }
        assertThat(handled).containsExactly("free", "slow", "waits");
    }
}
