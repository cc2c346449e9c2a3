package io.turboqueue.examples.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventHeadersTest {

    private static final byte[] NO_TEXT = {(byte) 0xff, 0, 1};

    @TempDir
    Path folder;

    @Test
    void keyHeadersAndTimeGoThroughTwoQueuesUnchanged() throws Exception {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", "7".getBytes(UTF_8));
        headers.add("trace", "8".getBytes(UTF_8));
        headers.add("binary", NO_TEXT);
        headers.add("empty", new byte[0]);
        headers.add("null", null);
        headers.add("kafka.batch", "of an earlier pipeline".getBytes(UTF_8));

        ProducerRecord<byte @Nullable [], byte @Nullable []> out =
                through(record("LAX-JFK".getBytes(UTF_8), "payload".getBytes(UTF_8), headers));

        assertThat(out.key()).isEqualTo("LAX-JFK".getBytes(UTF_8));
        assertThat(out.value()).isEqualTo("payload".getBytes(UTF_8));
        assertThat(out.timestamp()).isEqualTo(1_234_567L);
        assertThat(out.headers().headers("trace"))
                .extracting(header -> new String(header.value(), UTF_8))
                .containsExactly("7", "8");
        assertThat(out.headers().lastHeader("binary").value()).isEqualTo(NO_TEXT);
        assertThat(out.headers().lastHeader("empty").value()).isEmpty();
        assertThat(out.headers().lastHeader("null").value()).isNull();
        assertThat(out.headers().headers("kafka.batch"))
                .extracting(header -> new String(header.value(), UTF_8))
                .as("an earlier pipeline's is kept, ours is the last")
                .containsExactly("of an earlier pipeline", "flights:an-id:2:40-49");
        assertThat(new String(out.headers().lastHeader("kafka.offset").value(), UTF_8))
                .isEqualTo("41-42");
        assertThat(out.headers().toArray()).hasSize(8);
    }

    @Test
    void aBinaryKeyAndATombstoneStaySo() throws Exception {
        ProducerRecord<byte @Nullable [], byte @Nullable []> out = through(record(NO_TEXT, null, new RecordHeaders()));

        assertThat(out.key()).isEqualTo(NO_TEXT);
        assertThat(out.value()).isNull();
    }

    @Test
    void noKeyAndAnEmptyValueStaySo() throws Exception {
        ProducerRecord<byte @Nullable [], byte @Nullable []> out =
                through(record(null, new byte[0], new RecordHeaders()));

        assertThat(out.key()).isNull();
        assertThat(out.value()).isEmpty();
    }

    @Test
    void aMessageKnowsWhereItStood() {
        SourceOffset offset = SourceOffset.parse("flights:an-id:2:40-49", "41-42");

        assertThat(offset).isEqualTo(new SourceOffset(new SourcePartition("flights", "an-id", 2), 41, 42));
        assertThat(SourceOffset.offsetText(40, 42)).isEqualTo("41-42");
        assertThat(SourceOffset.offsetText(41, 42)).isEqualTo("42");
        assertThat(SourceOffset.offsetText(-1, 42)).isEqualTo("42");
    }

    private ProducerRecord<byte @Nullable [], byte @Nullable []> through(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record) throws Exception {
        try (Spool spool = Spool.open(folder.resolve("spool"))) {
            TurboQueue<byte[]> first = spool.queue("first");
            TurboQueue<byte[]> second = spool.queue("second");
            try (QueueProducer<byte[]> producer = first.producer()) {
                producer.send(
                        EventHeaders.payload(record.value()),
                        EventHeaders.options(record)
                                .header(SourceOffset.BATCH, "flights:an-id:2:40-49")
                                .header(SourceOffset.OFFSET, "41-42"));
            }
            try (QueueConsumer<byte[]> consumer = first.consumer();
                    ClaimedBatch<byte[]> batch =
                            consumer.poll(Duration.ofSeconds(10)).orElseThrow();
                    QueueProducer<byte[]> producer = second.producer()) {
                Message<byte[]> message = batch.iterator().next();
                Event event = EventHeaders.event(message);
                assertThat(event.value() == null).isEqualTo(record.value() == null);
                Results results = Results.of(List.of(event), message.headers());
                producer.send(results.payload(), results.options());
                producer.flush();
                batch.ack();
            }
            try (QueueConsumer<byte[]> consumer = second.consumer();
                    ClaimedBatch<byte[]> batch =
                            consumer.poll(Duration.ofSeconds(10)).orElseThrow()) {
                Message<byte[]> message = batch.iterator().next();
                ProducerRecord<byte @Nullable [], byte @Nullable []> out =
                        Results.records("out", message).get(0);
                batch.ack();
                return out;
            }
        }
    }

    private static ConsumerRecord<byte @Nullable [], byte @Nullable []> record(
            byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                "flights",
                2,
                42,
                1_234_567L,
                TimestampType.CREATE_TIME,
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }
}
