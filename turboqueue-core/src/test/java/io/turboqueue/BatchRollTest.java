package io.turboqueue;

import static io.turboqueue.TestSpool.drainBatches;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When what was sent is published. */
class BatchRollTest {

    /** What a message without key and headers weighs beside its payload. */
    private static final int OVERHEAD = 24;

    @TempDir
    Path temp;

    private TestSpool spool;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private List<String> ready() throws IOException {
        return SpoolOnDisk.names(spool.files().ready("q"));
    }

    private List<String> delayed() throws IOException {
        return SpoolOnDisk.names(spool.files().later("q"));
    }

    @Test
    void aBatchIsPublishedWhenItHasMaxMessages() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.maxMessages=3").producer()) {
            producer.send("a");
            producer.send("b");
            assertThat(ready()).isEmpty();
            producer.send("c");
            assertThat(ready()).hasSize(1).allMatch(name -> name.contains(".n3."));
            producer.send("d");
            assertThat(ready()).hasSize(1);
        }
        assertThat(drainBatches(spool.queue())).containsExactly(List.of("a", "b", "c"), List.of("d"));
    }

    @Test
    void aBatchIsPublishedBeforeItWouldExceedMaxBytes() throws Exception {
        String payload = "x".repeat(400);
        try (QueueProducer<String> producer = spool.queue("batch.maxBytes=1KiB").producer()) {
            producer.send(payload);
            producer.send(payload);
            assertThat(ready()).isEmpty();
            producer.send(payload);
            assertThat(ready()).hasSize(1).allMatch(name -> name.contains(".n2."));
        }
        assertThat(drainBatches(spool.queue())).extracting(List::size).containsExactly(2, 1);
    }

    @Test
    void aBatchOfExactlyMaxBytesIsFull() throws Exception {
        String half = "x".repeat(512 - OVERHEAD);
        try (QueueProducer<String> producer = spool.queue("batch.maxBytes=1KiB").producer()) {
            producer.send(half);
            assertThat(ready()).isEmpty();
            producer.send(half);
            assertThat(ready()).hasSize(1).allMatch(name -> name.contains(".n2."));
        }
    }

    @Test
    void theLargestMessageAllowedIsABatchOfItsOwn() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.maxBytes=1KiB").producer()) {
            producer.send("small");
            producer.send("x".repeat(1024 - OVERHEAD));
            assertThat(ready()).hasSize(2);
        }
        assertThat(drainBatches(spool.queue())).containsExactly(List.of("small"), List.of("x".repeat(1024 - OVERHEAD)));
    }

    @Test
    void aBatchIsPublishedWhenItsFirstMessageHasLingered() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.linger=1h").producer()) {
            producer.send("a");
            spool.time().advance(Duration.ofMinutes(40));
            producer.send("b");
            spool.time().advance(Duration.ofMinutes(20).minusMillis(1));
            spool.runLinger();
            assertThat(ready()).isEmpty();

            spool.time().advance(Duration.ofMillis(1));
            spool.runLinger();
            assertThat(ready()).hasSize(1).allMatch(name -> name.contains(".n2."));
            assertThat(producer.publishedMessages()).isEqualTo(2);
        }
    }

    @Test
    void aBugWhileALingeringBatchIsPublishedLeavesItToTheNextTry() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.linger=1s");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            spool.disk().breakAll(step -> {
                if (step.is(ProbeDisk.Op.RENAME, "/ready/")) {
                    throw new IllegalStateException("a bug");
                }
                return false;
            });
            spool.time().advance(Duration.ofSeconds(1));
            spool.runLinger();
            assertThat(ready()).isEmpty();

            spool.disk().repair();
            spool.time().advance(Duration.ofSeconds(1));
            spool.runLinger();
            assertThat(ready()).hasSize(1);
        }
    }

    @Test
    void lingerStartsAnewWithEachBatch() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.linger=1h").producer()) {
            producer.send("a");
            producer.flush();
            spool.time().advance(Duration.ofMinutes(30));
            producer.send("b");
            spool.time().advance(Duration.ofMinutes(30));
            spool.runLinger();
            assertThat(ready()).hasSize(1);

            spool.time().advance(Duration.ofMinutes(30));
            spool.runLinger();
            assertThat(ready()).hasSize(2);
        }
    }

    @Test
    void eachPriorityLingersByItself() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.linger=1h").producer()) {
            producer.send("early", SendOptions.create().priority(7));
            spool.time().advance(Duration.ofMinutes(30));
            producer.send("late", SendOptions.create().priority(3));
            spool.time().advance(Duration.ofMinutes(30));
            spool.runLinger();
            assertThat(ready()).hasSize(1).allMatch(name -> name.startsWith("7-"));

            spool.time().advance(Duration.ofMinutes(30));
            spool.runLinger();
            assertThat(ready()).hasSize(2);
        }
    }

    @Test
    void lingeringTriesAgainUntilTheDiskWorks() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.linger=1h").producer()) {
            producer.send("a");
            spool.disk().breakAll(step -> step.is(ProbeDisk.Op.RENAME, "/ready/"));
            spool.time().advance(Duration.ofHours(1));
            spool.runLinger();
            assertThat(ready()).isEmpty();

            spool.disk().repair();
            spool.time().advance(Duration.ofMillis(200));
            spool.runLinger();
            assertThat(ready()).hasSize(1);
        }
        assertThat(drainBatches(spool.queue())).containsExactly(List.of("a"));
    }

    @Test
    void theRealTimerPublishesWithoutAFlush() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"))) {
            TurboQueue<String> queue = real.queue("q", Codecs.utf8(), TestSpool.config("batch.linger=10ms"));
            try (QueueProducer<String> producer = queue.producer();
                    QueueConsumer<String> consumer = queue.consumer()) {
                producer.send("a");
                ClaimedBatch<String> batch =
                        consumer.poll(Duration.ofMinutes(1)).orElseThrow();
                assertThat(TestSpool.payloads(batch)).containsExactly("a");
                batch.ack();
            }
        }
    }

    @Test
    void flushPublishesEverythingSentWhateverItsPriorityAndDelay() throws Exception {
        try (QueueProducer<String> producer = spool.queue().producer()) {
            producer.send("a");
            producer.send("b", SendOptions.create().priority(1));
            producer.send("c", SendOptions.create().delay(Duration.ofHours(1)));
            assertThat(ready()).isEmpty();
            producer.flush();

            assertThat(ready()).hasSize(2);
            assertThat(delayed()).hasSize(1);
            assertThat(producer.publishedMessages()).isEqualTo(3);
            assertThat(producer.publishedBatches()).isEqualTo(3);
        }
    }

    @Test
    void aFlushOfNothingPublishesNothing() throws Exception {
        try (QueueProducer<String> producer = spool.queue().producer()) {
            producer.flush();
            producer.send("a");
            producer.flush();
            producer.flush();
        }
        assertThat(ready()).hasSize(1);
    }

    @Test
    void aProducerThatSendsNothingLeavesNoTrace() throws Exception {
        QueueProducer<String> producer = spool.queue().producer();
        producer.close();

        assertThat(Files.exists(spool.files().queue("q"))).isFalse();
        assertThat(spool.spool().queues()).isEmpty();
    }

    @Test
    void closePublishesWhatIsBuffered() throws Exception {
        QueueProducer<String> producer = spool.queue().producer();
        producer.send("a");
        producer.close();

        assertThat(ready()).hasSize(1);
    }

    @Test
    void closingTheSpoolPublishesWhatIsBuffered() throws Exception {
        spool.queue().producer().send("a");
        spool.close();

        assertThat(ready()).hasSize(1);
        assertThat(spool.files().owners()).isEmpty();
    }

    @Test
    void manyDelaysTogetherBufferAboutMaxBytesNotMaxBytesEach() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.maxBytes=1KiB").producer()) {
            for (int i = 1; i <= 20; i++) {
                producer.send("x".repeat(600), SendOptions.create().delay(Duration.ofHours(i)));
            }
            assertThat(delayed()).hasSizeGreaterThanOrEqualTo(17);
        }
        assertThat(delayed()).hasSize(20);
    }
}
