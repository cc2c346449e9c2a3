package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.drainBatches;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelayTest {

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

    private static SendOptions delay(Duration delay) {
        return SendOptions.create().delay(delay);
    }

    private List<String> delayed() throws IOException {
        return SpoolOnDisk.names(spool.files().later("q"));
    }

    @Test
    void aDelayedMessageIsNotDeliveredBeforeItIsDue() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("delayed", delay(Duration.ofMinutes(1)));
        }

        spool.time().advance(Duration.ofMinutes(1).minusMillis(1));
        assertThat(drain(queue)).isEmpty();
        spool.time().advance(Duration.ofMillis(1));
        assertThat(drain(queue)).containsExactly("delayed");
    }

    @Test
    void theDueTimeIsRoundedUpToAMultipleOfLinger() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.linger=1s").producer()) {
            producer.send("a", delay(Duration.ofMillis(1500)));
        }
        assertThat(delayed()).hasSize(1).allMatch(name -> name.startsWith("5-20261121T120002000Z-"));
    }

    @Test
    void aDueTimeThatIsAMultipleOfLingerStays() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.linger=1s").producer()) {
            producer.send("a", delay(Duration.ofSeconds(2)));
        }
        assertThat(delayed()).hasSize(1).allMatch(name -> name.startsWith("5-20261121T120002000Z-"));
    }

    @Test
    void messagesDueWithinOneLingerShareABatch() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.linger=1s");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a", delay(Duration.ofMillis(100)));
            producer.send("next", delay(Duration.ofMillis(1100)));
            spool.time().advance(Duration.ofMillis(500));
            producer.send("b", delay(Duration.ofMillis(100)));
        }
        spool.time().advance(Duration.ofSeconds(5));

        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b"), List.of("next"));
    }

    @Test
    void noDelayGoesStraightToReady() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a", delay(Duration.ZERO));
        }
        assertThat(delayed()).isEmpty();
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void delayedMessagesKeepTheirPriority() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("low", delay(Duration.ofSeconds(10)).priority(8));
            producer.send("high", delay(Duration.ofSeconds(20)).priority(2));
        }
        spool.time().advance(Duration.ofMinutes(1));

        assertThat(drain(queue)).containsExactly("high", "low");
    }

    @Test
    void delayedMessagesNeedNoRoomInAFullQueue() throws Exception {
        TurboQueue<String> queue = spool.queue("backpressure.maxReadyBatches=1", "backpressure.whenFull=fail");
        publish(queue, "fills it");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("delayed", delay(Duration.ofHours(1)));
            producer.flush();
        }
        assertThat(delayed()).hasSize(1);
    }

    @Test
    void theTimeOfADelayedMessageIsWhenItWasSent() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a", delay(Duration.ofHours(1)));
        }
        spool.time().advance(Duration.ofHours(2));
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = TestSpool.claim(consumer);
            assertThat(batch.iterator().next().time()).isEqualTo(MovableTime.START);
            batch.ack();
        }
    }

    @Test
    void aClockSetBackDoesNotHoldUpWhatIsReady() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "ready");
        spool.time().setWallClock(Duration.ofDays(-1000));

        assertThat(drain(queue)).containsExactly("ready");
    }

    @Test
    void aClockSetForwardMakesDelayedMessagesDue() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("delayed", delay(Duration.ofDays(100)));
        }
        try (QueueConsumer<String> consumer = queue.consumer()) {
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            spool.time().setWallClock(Duration.ofDays(101));
            assertThat(TestSpool.payloads(TestSpool.claim(consumer))).containsExactly("delayed");
        }
    }

    @Test
    void aWaitingPollDeliversWhenTheDelayEnds() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"))) {
            TurboQueue<String> queue = real.queue("q", Codecs.utf8(), TestSpool.config("batch.linger=10ms"));
            try (QueueProducer<String> producer = queue.producer();
                    QueueConsumer<String> consumer = queue.consumer()) {
                producer.send("a", delay(Duration.ofMillis(100)));
                ClaimedBatch<String> batch =
                        consumer.poll(Duration.ofMinutes(1)).orElseThrow();
                Message<String> message = batch.iterator().next();
                assertThat(System.currentTimeMillis())
                        .isGreaterThanOrEqualTo(message.time().toEpochMilli() + 100);
                batch.ack();
            }
        }
    }
}
