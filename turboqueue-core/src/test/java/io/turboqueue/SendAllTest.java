package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.drainBatches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several messages at once. */
class SendAllTest {

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
    void theyShareTheOpenBatchIfItHasRoomForThem() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=4");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            assertThat(producer.sendAll(List.of("b", "c"))).isEqualTo(2);
            producer.send("d");
        }
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b", "c", "d"));
    }

    @Test
    void theyGetABatchOfTheirOwnIfTheOpenOneHasNoRoomForAllOfThem() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=4");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            producer.send("b");
            producer.sendAll(List.of("c", "d", "e"));
        }
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b"), List.of("c", "d", "e"));
    }

    @Test
    void bytesCountToo() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxBytes=1KiB");
        String large = "x".repeat(400);
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send(large);
            producer.sendAll(List.of(large, large));
        }
        assertThat(drainBatches(queue)).containsExactly(List.of(large), List.of(large, large));
    }

    @Test
    void aFullBatchIsPublishedAtOnce() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=3");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.sendAll(List.of("a", "b", "c"));
            assertThat(producer.publishedBatches()).isEqualTo(1);
        }
    }

    @Test
    void moreThanABatchAreSentInOrder() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=10");
        List<String> many = IntStream.range(0, 35).mapToObj(Integer::toString).toList();
        try (QueueProducer<String> producer = queue.producer()) {
            assertThat(producer.sendAll(many)).isEqualTo(35);
        }
        assertThat(drain(queue)).isEqualTo(many);
    }

    @Test
    void noneIsSentIfOneOfThemIsRefused() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxBytes=1KiB");
        try (QueueProducer<String> producer = queue.producer()) {
            assertThatThrownBy(() -> producer.sendAll(List.of("a", "x".repeat(2000))))
                    .isInstanceOf(MessageTooLargeException.class);
            assertThat(producer.sendAll(List.of())).isZero();
        }
        assertThat(drain(queue)).isEmpty();
    }

    @Test
    void optionsAreForAllOfThem() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.sendAll(List.of("a", "b"), SendOptions.create().key("k").priority(1));
        }
        try (QueueConsumer<String> consumer = queue.consumer()) {
            for (Message<String> message : TestSpool.claim(consumer)) {
                assertThat(message.key()).isEqualTo("k");
            }
        }
    }

    @Test
    void thoseOfSeveralThreadsAreNotMixed() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=7");
        try (QueueProducer<String> producer = queue.producer();
                Crew crew = new Crew()) {
            List<Future<Integer>> senders = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String name = "thread " + thread;
                senders.add(crew.start(() -> {
                    int sent = 0;
                    for (int i = 0; i < 50; i++) {
                        sent += producer.sendAll(List.of(name + "/" + i, name + "/" + i, name + "/" + i));
                    }
                    return sent;
                }));
            }
            for (Future<Integer> sender : senders) {
                assertThat(Crew.result(sender)).isEqualTo(150);
            }
        }
        List<List<String>> batches = drainBatches(queue);
        assertThat(batches).allSatisfy(batch -> {
            assertThat(batch.size() % 3).isZero();
            for (int i = 0; i < batch.size(); i += 3) {
                assertThat(batch.subList(i, i + 3)).containsOnly(batch.get(i));
            }
        });
        assertThat(batches.stream().mapToInt(List::size).sum()).isEqualTo(600);
    }
}
