package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.drainBatches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerTest {

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
    @SuppressWarnings("NullAway") // that is the point
    void aNullPayloadIsRefusedAndTheBatchUnharmed() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            assertThatThrownBy(() -> producer.send(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("payload must not be null");
            producer.send("b");
        }
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b"));
    }

    @Test
    void aMessageOverTheLimitIsRefusedAndTheBatchUnharmed() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxBytes=1KiB");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            assertThatThrownBy(() -> producer.send("x".repeat(1001)))
                    .isInstanceOf(MessageTooLargeException.class)
                    .hasMessage("message of 1025 bytes is too large for queue q: at most batch.maxBytes = 1024 bytes"
                            + " are allowed");
            producer.send("b");
        }
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b"));
    }

    @Test
    void keyAndHeadersCountTowardsTheLimit() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.maxBytes=1KiB").producer()) {
            assertThatThrownBy(() -> producer.send("a", SendOptions.create().key("k".repeat(1000))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("message of 1025 bytes is too large for queue q");
            assertThatThrownBy(() -> producer.send("a", SendOptions.create().header("h", "v".repeat(1000))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is too large for queue q");
        }
    }

    @Test
    void aPayloadThatCannotBeEncodedIsRefusedAndTheBatchUnharmed() throws Exception {
        TurboQueue<String> queue = spool.queue(new PickyCodec());
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            assertThatThrownBy(() -> producer.send("bad"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("I do not like bad");
            assertThatThrownBy(() -> producer.send("worse"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("I hate worse");
            producer.send("b");
        }
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b"));
    }

    private static final class PickyCodec implements Codec<String> {
        @Override
        public byte[] encode(String payload) throws IOException {
            if (payload.equals("bad")) {
                throw new IOException("I do not like bad");
            }
            if (payload.equals("worse")) {
                throw new IllegalStateException("I hate worse");
            }
            return payload.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Test
    void aClosedProducerSaysSo() throws Exception {
        QueueProducer<String> producer = spool.queue().producer();
        producer.send("a");
        producer.close();

        assertThatThrownBy(() -> producer.send("b"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the producer of queue q is closed");
        assertThatThrownBy(() -> producer.send("b", SendOptions.create().priority(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the producer of queue q is closed");
        assertThatThrownBy(producer::flush)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the producer of queue q is closed");
        assertThatCode(producer::close).doesNotThrowAnyException();
        assertThat(drain(spool.queue())).containsExactly("a");
    }

    @Test
    void aProducerOfAClosedSpoolIsClosed() throws Exception {
        TurboQueue<String> queue = spool.queue();
        QueueProducer<String> producer = queue.producer();
        spool.close();

        assertThatThrownBy(() -> producer.send("b"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the producer of queue q is closed");
        assertThatThrownBy(queue::producer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the spool " + spool.spool().folder() + " is closed");
    }

    @Test
    void theCountersTellWhatIsPublishedNotWhatIsBuffered() throws Exception {
        QueueProducer<String> producer = spool.queue("batch.maxMessages=2").producer();
        producer.send("a");
        assertThat(producer.publishedMessages()).isZero();
        producer.send("b");
        producer.send("c");
        assertThat(producer.publishedMessages()).isEqualTo(2);
        assertThat(producer.publishedBatches()).isEqualTo(1);
        producer.close();
        assertThat(producer.publishedMessages()).isEqualTo(3);
        assertThat(producer.publishedBatches()).isEqualTo(2);
        assertThat(producer.droppedMessages()).isZero();
    }

    @Test
    void eightThreadsMayShareAProducer() throws Exception {
        int threads = 8;
        int each = 3000;
        TurboQueue<String> queue = spool.queue("batch.maxMessages=500");
        QueueProducer<String> producer = queue.producer();
        try (Crew crew = new Crew()) {
            crew.all(threads, number -> {
                for (int i = 0; i < each; i++) {
                    producer.send(number + ":" + i);
                }
                return number;
            });
        }
        producer.close();
        assertThat(producer.publishedMessages()).isEqualTo((long) threads * each);
        assertThat(producer.publishedBatches()).isEqualTo((long) threads * each / 500);

        List<String> delivered = drain(queue);
        assertThat(delivered).hasSize(threads * each);
        for (int thread = 0; thread < threads; thread++) {
            String mine = thread + ":";
            assertThat(delivered.stream().filter(text -> text.startsWith(mine)))
                    .isEqualTo(IntStream.range(0, each).mapToObj(i -> mine + i).toList());
        }
    }

    @Test
    void flushesAndSendsOfManyThreadsDoNotLoseOrDouble() throws Exception {
        int threads = 8;
        int each = 60;
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer();
                Crew crew = new Crew()) {
            crew.all(threads, number -> {
                for (int i = 0; i < each; i++) {
                    producer.send(number + ":" + i, SendOptions.create().priority(i % 3));
                    if (i % 7 == number % 7) {
                        producer.flush();
                    }
                }
                return number;
            });
        }
        List<String> sent = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            for (int i = 0; i < each; i++) {
                sent.add(thread + ":" + i);
            }
        }
        assertThat(drain(queue)).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void anInterruptedThreadSendsNothing() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> producer.send("a")).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            producer.send("b");
        }
        assertThat(drain(queue)).containsExactly("b");
    }

    @Test
    void closingOnAnInterruptedThreadLosesNothingAndKeepsTheInterrupt() throws Exception {
        TurboQueue<String> queue = spool.queue();
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        Thread.currentThread().interrupt();
        try {
            producer.close();
        } catch (InterruptedIOException documented) {
            assertThat(documented).hasMessageContaining("queue q");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        producer.close();

        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void closingTheSpoolOnAnInterruptedThreadPublishesWhatIsBuffered() throws Exception {
        spool.queue().producer().send("a");
        Thread.currentThread().interrupt();
        try {
            spool.close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(SpoolOnDisk.names(spool.files().ready("q"))).hasSize(1);
    }

    @Test
    void theArrayOfAByteQueueIsTheMessage() throws Exception {
        TurboQueue<byte[]> queue = spool.spool().queue("bytes");
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        try (QueueProducer<byte[]> producer = queue.producer()) {
            producer.send(every);
            producer.send(new byte[0]);
        }
        assertThat(drain(queue)).containsExactly(every, new byte[0]);
    }

    @Test
    void sendingGoesOnAfterAFlushAndAWhile() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            for (int i = 0; i < 3; i++) {
                producer.send("message " + i);
                producer.flush();
                spool.time().advance(Duration.ofDays(1));
            }
        }
        assertThat(drainBatches(queue))
                .containsExactly(List.of("message 0"), List.of("message 1"), List.of("message 2"));
    }
}
