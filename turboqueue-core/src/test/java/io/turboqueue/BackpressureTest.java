package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.config;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackpressureTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private Spool spool;

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(temp.resolve("spool"));
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    /** Room for one batch of one message; linger never matters. */
    private TurboQueue<String> tiny(String... more) throws IOException {
        List<String> settings =
                new ArrayList<>(List.of("backpressure.maxReadyBatches=1", "batch.maxMessages=1", "batch.linger=1h"));
        settings.addAll(List.of(more));
        return spool.queue("q", Codecs.utf8(), config(settings.toArray(String[]::new)));
    }

    private long ready() throws IOException {
        return spool.queue("q").inspector().stats().ready().batches();
    }

    @Test
    void aQueueSaysWhetherItIsFullWithoutWaiting() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=block");
        assertThat(queue.isFull()).isFalse();
        publish(queue, "a");
        assertThat(queue.isFull()).isTrue();
        drain(queue);
        assertThat(queue.isFull()).isFalse();

        TurboQueue<String> bytes = tiny("backpressure.maxReadyBatches=100", "backpressure.maxReadyBytes=4KiB");
        assertThat(bytes.isFull()).isFalse();
        publish(bytes, "a");
        assertThat(bytes.isFull()).isTrue();
    }

    @Test
    void aBlockedSenderGoesOnWhenAConsumerTakesABatch() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=block");
        try (QueueProducer<String> producer = queue.producer();
                QueueConsumer<String> consumer = queue.consumer();
                Crew crew = new Crew()) {
            producer.send("a");
            Future<Boolean> blocked = crew.start(() -> {
                producer.send("b");
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            assertThat(blocked.isDone()).isFalse();
            assertThat(ready()).isEqualTo(1);

            claim(consumer).ack();
            assertThat(Crew.result(blocked)).isTrue();
            assertThat(payloads(claim(consumer))).containsExactly("b");
        }
    }

    @Test
    void manyMessagesPassThroughATinyQueueInOrder() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=block");
        List<String> sent = IntStream.range(0, 50).mapToObj(Integer::toString).toList();
        List<String> delivered = new ArrayList<>();
        try (QueueConsumer<String> consumer = queue.consumer();
                Crew crew = new Crew()) {
            Future<Boolean> sender = crew.start(() -> {
                publish(queue, sent.toArray(String[]::new));
                return true;
            });
            while (delivered.size() < sent.size()) {
                try (ClaimedBatch<String> batch = consumer.poll(PATIENCE).orElseThrow()) {
                    delivered.addAll(payloads(batch));
                    assertThat(ready()).isLessThanOrEqualTo(1);
                    batch.ack();
                }
            }
            assertThat(Crew.result(sender)).isTrue();
        }
        assertThat(delivered).isEqualTo(sent);
    }

    @Test
    void aBlockedFlushGivesUpAfterTheTimeoutAndKeepsItsMessages() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=block", "backpressure.blockTimeout=30ms");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            producer.send("b");
            long start = System.nanoTime();
            assertThatThrownBy(producer::flush)
                    .isInstanceOf(QueueFullException.class)
                    .hasMessage("queue q is full: it has backpressure.maxReadyBatches = 1 ready batches");
            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());

            assertThat(drain(queue)).containsExactly("a");
            producer.flush();
            assertThat(drain(queue)).containsExactly("b");
        }
    }

    @Test
    void aBlockedSenderCanBeInterruptedAndItsMessageStaysBuffered() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=block");
        try (QueueProducer<String> producer = queue.producer();
                Crew crew = new Crew()) {
            producer.send("a");
            Future<Boolean> blocked = crew.start(() -> {
                producer.send("b");
                return Thread.interrupted();
            });
            Awaitility.await().atMost(PATIENCE).until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            crew.thread().interrupt();
            assertThat(Crew.result(blocked)).isTrue();

            assertThat(drain(queue)).containsExactly("a");
            producer.flush();
            assertThat(drain(queue)).containsExactly("b");
        }
    }

    @Test
    void aBlockedFlushCanBeInterruptedAndItsMessagesStayBuffered() throws Exception {
        TurboQueue<String> queue = tiny("batch.maxMessages=10");
        try (QueueProducer<String> producer = queue.producer();
                Crew crew = new Crew()) {
            producer.send("a");
            producer.flush();
            producer.send("b");
            Future<Boolean> blocked = crew.start(() -> {
                producer.flush();
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            crew.thread().interrupt();
            assertThatThrownBy(() -> Crew.result(blocked)).isInstanceOf(InterruptedException.class);

            assertThat(drain(queue)).containsExactly("a");
            producer.flush();
            assertThat(drain(queue)).containsExactly("b");
        }
    }

    @Test
    void whenFailingTheMessageIsNotAcceptedAndTheEarlierOnesAreSentLater() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=fail", "batch.maxMessages=2");
        QueueProducer<String> producer = queue.producer();
        for (String accepted : List.of("a", "b", "c", "d")) {
            producer.send(accepted);
        }
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> producer.send("refused"))
                    .isInstanceOf(QueueFullException.class)
                    .hasMessage("queue q is full: it has backpressure.maxReadyBatches = 1 ready batches");
        }
        assertThat(producer.publishedMessages()).isEqualTo(2);
        assertThat(drain(queue)).containsExactly("a", "b");

        producer.send("e");
        assertThat(drain(queue)).containsExactly("c", "d");
        producer.close();
        assertThat(drain(queue)).containsExactly("e");
        assertThat(producer.publishedMessages()).isEqualTo(5);
        assertThat(producer.droppedMessages()).isZero();
    }

    @Test
    void closingAProducerPublishesEvenIfTheQueueIsFull() throws Exception {
        for (String policy : List.of("block", "fail")) {
            TurboQueue<String> queue = tiny("backpressure.whenFull=" + policy, "batch.maxMessages=10");
            try (QueueProducer<String> producer = queue.producer()) {
                producer.send("a");
                producer.flush();
                producer.send("b");
            }
            assertThat(drain(queue)).as(policy).containsExactly("a", "b");
        }
    }

    @Test
    void closingAProducerEndsTheWaitOfOtherThreads() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=block");
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        try (Crew crew = new Crew()) {
            Future<Boolean> full = crew.start(() -> {
                producer.send("b");
                return true;
            });
            Awaitility.await().atMost(PATIENCE).until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            producer.close();
            assertThat(Crew.result(full)).isTrue();
        }
        assertThat(drain(queue)).containsExactly("a", "b");
    }

    @Test
    void closingTheSpoolPublishesIntoFullQueuesToo() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=fail", "batch.maxMessages=10");
        QueueProducer<String> full = queue.producer();
        full.send("a");
        full.flush();
        full.send("b");
        spool.queue("other", Codecs.utf8()).producer().send("c");
        spool.close();

        assertThat(new SpoolOnDisk(spool.folder()).owners()).isEmpty();
        try (Spool again = Spool.open(spool.folder())) {
            assertThat(drain(again.queue("q", Codecs.utf8()))).containsExactly("a", "b");
            assertThat(drain(again.queue("other", Codecs.utf8()))).containsExactly("c");
        }
    }

    @Test
    void droppingTheNewestKeepsTheOldAndCounts() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=dropNewest", "batch.maxMessages=2");
        try (QueueProducer<String> producer = queue.producer()) {
            for (String sent : List.of("a", "b", "c", "d", "e")) {
                producer.send(sent);
            }
            producer.flush();
            assertThat(producer.droppedMessages()).isEqualTo(3);
            assertThat(producer.publishedMessages()).isEqualTo(2);

            assertThat(drain(queue)).containsExactly("a", "b");
            producer.send("f");
            producer.flush();
            assertThat(drain(queue)).containsExactly("f");
            assertThat(producer.droppedMessages()).isEqualTo(3);
        }
        assertThat(new SpoolOnDisk(spool.folder()).onOwners()).isEmpty();
    }

    @Test
    void droppingTheOldestKeepsTheNewAndCounts() throws Exception {
        TurboQueue<String> queue =
                tiny("backpressure.whenFull=dropOldest", "batch.maxMessages=2", "backpressure.maxReadyBatches=2");
        try (QueueProducer<String> producer = queue.producer()) {
            for (String sent : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
                producer.send(sent);
            }
            assertThat(producer.droppedMessages()).isEqualTo(4);
            assertThat(producer.publishedMessages()).isEqualTo(8);
        }
        assertThat(drain(queue)).containsExactly("e", "f", "g", "h");
    }

    @Test
    void droppingTheOldestDropsTheLeastUrgentFirst() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=dropOldest", "backpressure.maxReadyBatches=2");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("low", SendOptions.create().priority(9));
            producer.send("high", SendOptions.create().priority(0));
            producer.send("new");
            producer.send("newer");
        }
        assertThat(drain(queue)).containsExactly("high", "newer");
    }

    @Test
    void maxReadyBytesLimitsToo() throws Exception {
        TurboQueue<String> queue = spool.queue(
                "q",
                Codecs.utf8(),
                config(
                        "backpressure.maxReadyBytes=20KiB",
                        "backpressure.whenFull=fail",
                        "batch.maxMessages=1",
                        "batch.linger=1h"));
        QueueProducer<String> producer = queue.producer();
        int accepted = 0;
        QueueFullException full = null;
        while (full == null && accepted < 20) {
            try {
                producer.send("x".repeat(5000));
                accepted++;
            } catch (QueueFullException expected) {
                full = expected;
            }
        }
        assertThat(full)
                .isNotNull()
                .hasMessage("queue q is full: it has backpressure.maxReadyBatches = 1000 ready batches or"
                        + " backpressure.maxReadyBytes = 20480 bytes");
        long bytes = queue.inspector().stats().ready().bytes();
        assertThat(bytes).isBetween(10_000L, 20_480L + 12_288L);
        List<String> first = drain(queue);
        producer.close();
        assertThat(first.size() + drain(queue).size()).isEqualTo(accepted);
    }

    @Test
    void theLingerThreadDoesNotWaitForRoomButPublishesOnceThereIsSome() throws Exception {
        TurboQueue<String> queue = tiny("batch.linger=5ms", "batch.maxMessages=10");
        try (QueueProducer<String> producer = queue.producer();
                QueueConsumer<String> consumer = queue.consumer()) {
            producer.send("a");
            Awaitility.await().atMost(PATIENCE).until(() -> ready() == 1);
            producer.send("b");
            TurboQueue<String> free = spool.queue("free", Codecs.utf8(), config("batch.linger=5ms"));
            try (QueueProducer<String> other = free.producer();
                    QueueConsumer<String> otherConsumer = free.consumer()) {
                other.send("not held up");
                assertThat(payloads(otherConsumer.poll(PATIENCE).orElseThrow())).containsExactly("not held up");
            }
            assertThat(payloads(consumer.poll(PATIENCE).orElseThrow())).containsExactly("a");
            assertThat(payloads(consumer.poll(PATIENCE).orElseThrow())).containsExactly("b");
        }
    }

    @Test
    void aQueueIsNeverOverfilledByMoreThanABatchForEachProducer() throws Exception {
        TurboQueue<String> queue = spool.queue(
                "q",
                Codecs.utf8(),
                config(
                        "backpressure.maxReadyBatches=20",
                        "backpressure.whenFull=fail",
                        "batch.maxMessages=1",
                        "batch.linger=1h"));
        int count = 16;
        List<QueueProducer<String>> producers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            QueueProducer<String> producer = queue.producer();
            producer.send("x");
            producers.add(producer);
        }
        for (QueueProducer<String> producer : producers) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            producer.send("x");
                        }
                    })
                    .isInstanceOf(QueueFullException.class);
            producer.abandon();
        }
        assertThat(ready()).isBetween(20L, 20L + count);
    }

    @Test
    void closingTheSpoolOfAFullQueueThatBlocksComesToAnEnd() throws Exception {
        TurboQueue<String> queue = tiny("backpressure.whenFull=block", "batch.maxMessages=2");
        QueueProducer<String> producer = queue.producer();
        for (String payload : List.of("a", "b", "c")) {
            producer.send(payload);
        }
        try (Crew crew = new Crew()) {
            Future<Boolean> closing = crew.start(() -> {
                try {
                    spool.close();
                } catch (QueueFullException lost) {
                    assertThat(lost).hasMessageContaining("queue q is full");
                }
                return true;
            });
            assertThat(closing.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(new SpoolOnDisk(spool.folder()).owners()).isEmpty();
    }

    @Test
    void manyThreadsWaitingForRoomLoseNothingAndKeepTheirOrder() throws Exception {
        int senders = 6;
        int each = 40;
        TurboQueue<String> queue = tiny("backpressure.whenFull=block", "batch.maxMessages=3", "batch.linger=20ms");
        List<String> delivered = new ArrayList<>();
        QueueProducer<String> producer = queue.producer();
        try (QueueConsumer<String> consumer = queue.consumer();
                Crew crew = new Crew()) {
            Future<?> draining = crew.start(() -> {
                while (delivered.size() < senders * each) {
                    try (ClaimedBatch<String> batch = consumer.poll(PATIENCE).orElseThrow()) {
                        delivered.addAll(payloads(batch));
                        batch.ack();
                    }
                }
                return delivered;
            });
            crew.all(senders, number -> {
                for (int i = 0; i < each; i++) {
                    producer.send(number + ":" + i);
                    if (i % 10 == number) {
                        producer.flush();
                    }
                }
                return number;
            });
            producer.close();
            assertThat(Crew.result(draining)).isSameAs(delivered);
        }
        assertThat(delivered).hasSize(senders * each);
        for (int sender = 0; sender < senders; sender++) {
            String mine = sender + ":";
            assertThat(delivered.stream().filter(text -> text.startsWith(mine)))
                    .isEqualTo(IntStream.range(0, each).mapToObj(i -> mine + i).toList());
        }
    }
}
