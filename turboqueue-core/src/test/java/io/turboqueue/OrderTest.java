package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderTest {

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

    @Test
    void messagesOfABatchComeInTheOrderSent() throws Exception {
        List<String> sent =
                IntStream.range(0, 2345).mapToObj(i -> "message " + i).toList();
        publish(spool.queue(), sent.toArray(String[]::new));

        assertThat(drain(spool.queue())).isEqualTo(sent);
    }

    @Test
    void batchesPublishedInTheSameMillisecondComeInTheOrderSent() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=1");
        List<String> sent =
                IntStream.range(0, 100).mapToObj(i -> "message " + i).toList();
        publish(queue, sent.toArray(String[]::new));

        assertThat(SpoolOnDisk.names(spool.files().ready("q"))).hasSize(100);
        assertThat(drain(queue)).isEqualTo(sent);
    }

    @Test
    void batchesOfSeveralProducersComeInTheOrderPublished() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> first = queue.producer();
                QueueProducer<String> second = queue.producer()) {
            for (int i = 0; i < 10; i++) {
                QueueProducer<String> producer = i % 2 == 0 ? second : first;
                producer.send("message " + i);
                producer.flush();
                spool.time().advance(Duration.ofMillis(1));
            }
        }

        assertThat(drain(queue))
                .isEqualTo(IntStream.range(0, 10).mapToObj(i -> "message " + i).toList());
    }

    @Test
    void batchesKeepTheirOrderWhenTheClockIsSetBack() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=1");
        try (QueueProducer<String> producer = queue.producer()) {
            for (String payload : List.of("first", "second", "third")) {
                producer.send(payload);
                spool.time().setWallClock(Duration.ofDays(-1));
            }
        }

        assertThat(drain(queue)).containsExactly("first", "second", "third");
    }

    @Test
    void lowNumbersOfPriorityComeFirstAndFiveIsTheDefault() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("nine", SendOptions.create().priority(9));
            producer.send("six", SendOptions.create().priority(6));
            producer.send("default");
            producer.send("four", SendOptions.create().priority(4));
            producer.send("zero", SendOptions.create().priority(0));
        }

        assertThat(drain(queue)).containsExactly("zero", "four", "default", "six", "nine");
    }

    @Test
    void messagesOfOnePriorityShareABatchWhateverIsSentBetween() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            producer.send("urgent", SendOptions.create().priority(1));
            producer.send("b");
        }

        assertThat(TestSpool.drainBatches(queue)).containsExactly(List.of("urgent"), List.of("a", "b"));
    }

    @Test
    void theOldestOfOnePriorityComesFirst() throws Exception {
        TurboQueue<String> queue = spool.queue();
        for (String payload : List.of("old", "middle", "new")) {
            publish(queue, payload);
            spool.time().advance(Duration.ofSeconds(1));
        }

        assertThat(drain(queue)).containsExactly("old", "middle", "new");
    }

    @Test
    void anUrgentBatchOvertakesABacklogThatWasListedBefore() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=1");
        publish(queue, "a", "b", "c");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).ack();
            try (QueueProducer<String> producer = queue.producer()) {
                producer.send("urgent", SendOptions.create().priority(0));
            }
            spool.time().advance(Duration.ofSeconds(1));

            assertThat(payloads(claim(consumer))).containsExactly("urgent");
            assertThat(payloads(claim(consumer))).containsExactly("b");
        }
    }

    @Test
    void aRetriedBatchComesAfterThoseThatWereDueBeforeItsNewTime() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "retried");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).nack(Duration.ofSeconds(10));
            spool.time().advance(Duration.ofSeconds(5));
            publish(queue, "before");
            spool.time().advance(Duration.ofSeconds(10));
            publish(queue, "after");

            assertThat(drain(queue)).containsExactly("before", "retried", "after");
        }
    }
}
