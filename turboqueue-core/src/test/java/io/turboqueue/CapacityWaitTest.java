package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a producer that waits for room; each refused send looks for room once more. */
class CapacityWaitTest {

    @TempDir
    Path temp;

    private TestSpool spool;
    private LogLines log;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        log = LogLines.start();
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        spool.close();
    }

    private TurboQueue<String> queue() throws Exception {
        return spool.queue("backpressure.maxReadyBatches=2", "batch.maxMessages=1", "backpressure.whenFull=fail");
    }

    private QueueProducer<String> full() throws Exception {
        QueueProducer<String> producer = queue().producer();
        for (String text : List.of("a", "b", "buffered")) {
            producer.send(text);
        }
        return producer;
    }

    private static void lookForRoom(QueueProducer<String> producer) {
        assertThatThrownBy(() -> producer.send("x")).isInstanceOf(QueueFullException.class);
    }

    private List<String> warnings() {
        return log.with("queue q is full");
    }

    @Test
    void tenSecondsAreAWarningAndEachMinuteFromThenOn() throws Exception {
        QueueProducer<String> producer = full();
        spool.time().advance(Duration.ofMillis(9_999));
        lookForRoom(producer);
        assertThat(warnings()).isEmpty();

        spool.time().advance(Duration.ofMillis(1));
        lookForRoom(producer);
        lookForRoom(producer);
        assertThat(warnings()).hasSize(1);

        spool.time().advance(Duration.ofMillis(59_999));
        lookForRoom(producer);
        assertThat(warnings()).hasSize(1);
        spool.time().advance(Duration.ofMillis(1));
        lookForRoom(producer);
        assertThat(warnings()).hasSize(2);
        assertThat(producer.blockedFor()).contains(Duration.ofSeconds(70));
    }

    @Test
    void theWarningSaysWhoHowFullAndSinceWhenNobodyClaimed() throws Exception {
        QueueProducer<String> producer = full();
        String start = spool.time().instant().toString();
        spool.time().advance(Duration.ofSeconds(12));
        lookForRoom(producer);

        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("WARN")
                .contains(
                        "the producer in thread \"" + Thread.currentThread().getName() + "\" has found no room for 12s")
                .contains("with 2 ready batches of 2 and 16384 ready bytes of any number")
                .endsWith("nobody has claimed any since " + start);
    }

    @Test
    void aClaimIsNoticedEvenIfAnotherProducerFillsTheGap() throws Exception {
        QueueProducer<String> producer = full();
        spool.time().advance(Duration.ofSeconds(5));
        try (QueueConsumer<String> consumer = queue().consumer();
                ClaimedBatch<String> batch = claim(consumer);
                QueueProducer<String> other = queue().producer()) {
            other.send("c");
            String claimed = spool.time().instant().toString();
            lookForRoom(producer);
            spool.time().advance(Duration.ofSeconds(5));
            lookForRoom(producer);

            assertThat(warnings()).singleElement().asString().endsWith("since " + claimed);
            batch.ack();
        }
    }

    @Test
    void roomEndsTheWaitAndTheNextOneIsCountedFromItsOwnStart() throws Exception {
        QueueProducer<String> producer = full();
        spool.time().advance(Duration.ofSeconds(9));
        lookForRoom(producer);
        try (QueueConsumer<String> consumer = queue().consumer()) {
            claim(consumer).ack();
            spool.time().advance(Duration.ofSeconds(1));
            producer.flush();
            assertThat(producer.blockedFor()).isEmpty();
        }
        producer.send("buffered too");
        spool.time().advance(Duration.ofSeconds(9));
        lookForRoom(producer);

        assertThat(producer.blockedFor()).contains(Duration.ofSeconds(9));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void messagesThatLingerWithoutRoomAreWarnedOfToo() throws Exception {
        try (QueueProducer<String> producer = queue().producer();
                QueueProducer<String> slow = spool.queue(
                                "backpressure.maxReadyBatches=2", "batch.linger=1s", "backpressure.whenFull=block")
                        .producer()) {
            producer.send("a");
            producer.send("b");
            slow.send("waits");
            for (int i = 0; i < 13; i++) {
                spool.time().advance(Duration.ofSeconds(1));
                spool.runLinger();
            }

            assertThat(warnings()).singleElement().asString().contains("has been waiting for room for 1");
            assertThat(slow.blockedFor()).isPresent();
            assertThat(producer.blockedFor()).isEmpty();
        }
    }
}
