package io.turboqueue.examples.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.examples.kafka.WorkCall.EventFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the work makes of an event, and what becomes of it when the work fails. */
class WorkCallTest {

    private static final byte[] NO_TEXT = {(byte) 0xff, 0, 1};

    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();

    @Test
    void anEventMayHaveNoResultOneOrSeveralWithKeysAndHeadersOfTheirOwn() throws Exception {
        EventProcessor split = event -> switch (text(event)) {
            case "drop" -> List.of();
            case "keep" -> List.of(event.withKey("new".getBytes(UTF_8)).withoutHeader("a"));
            default ->
                List.of(
                        event.withValue(null).withKey(NO_TEXT),
                        event.withValue(NO_TEXT).withHeader("b", null).withTime(Instant.ofEpochMilli(5)));
        };

        List<List<ProducerRecord<byte @Nullable [], byte @Nullable []>>> records =
                records(new WorkCall(split, cost(), noWatch(), log::add), "drop", "keep", "two");

        assertThat(records.get(0)).isEmpty();
        assertThat(records.get(1)).hasSize(1);
        ProducerRecord<byte @Nullable [], byte @Nullable []> kept =
                records.get(1).get(0);
        assertThat(kept.key()).isEqualTo("new".getBytes(UTF_8));
        assertThat(kept.value()).isEqualTo("keep".getBytes(UTF_8));
        assertThat(names(kept)).containsExactly("kafka.batch", "kafka.offset");
        assertThat(records.get(2)).hasSize(2);
        ProducerRecord<byte @Nullable [], byte @Nullable []> tombstone =
                records.get(2).get(0);
        ProducerRecord<byte @Nullable [], byte @Nullable []> binary =
                records.get(2).get(1);
        assertThat(tombstone.value()).isNull();
        assertThat(tombstone.key()).isEqualTo(NO_TEXT);
        assertThat(names(tombstone)).containsExactly("a", "kafka.batch", "kafka.offset");
        assertThat(binary.value()).isEqualTo(NO_TEXT);
        assertThat(binary.key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(binary.timestamp()).isEqualTo(5);
        assertThat(names(binary)).containsExactly("a", "b", "kafka.batch", "kafka.offset");
        assertThat(binary.headers().lastHeader("a").value()).isEqualTo(NO_TEXT);
        assertThat(binary.headers().lastHeader("b").value()).isNull();
    }

    @Test
    void aBatchThatFailsIsWorkedOnOneByOne() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        BatchEventProcessor fussy = events -> {
            sizes.add(events.size());
            for (Event event : events) {
                if (text(event).equals("bad")) {
                    throw new NoSuchFieldError("bad");
                }
            }
            return events.stream().map(List::of).toList();
        };
        WorkCall call = new WorkCall(fussy, cost(), noWatch(), log::add);

        List<String> outcome = outcomes(call, "one", "bad", "two");

        assertThat(outcome).containsExactly("one", "java.lang.NoSuchFieldError: bad", "two");
        assertThat(sizes).containsExactly(3, 1, 1, 1);
        assertThat(log).singleElement().asString().contains("a batch of 3 events failed, now one by one", "bad");
    }

    @Test
    void aWholeBatchIsOneCall() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        BatchEventProcessor upper = events -> {
            sizes.add(events.size());
            return events.stream()
                    .map(event -> List.of(
                            event.withValue(text(event).toUpperCase(Locale.ROOT).getBytes(UTF_8))))
                    .toList();
        };

        assertThat(outcomes(new WorkCall(upper, cost(), noWatch(), log::add), "one", "two"))
                .containsExactly("ONE", "TWO");
        assertThat(sizes).containsExactly(2);
        assertThat(log).isEmpty();
    }

    @Test
    void resultsForAnotherNumberOfEventsAreNotTaken() throws Exception {
        BatchEventProcessor forgetful = events -> List.of(events); // right for one event only

        assertThat(outcomes(new WorkCall(forgetful, cost(), noWatch(), log::add), "one", "two"))
                .containsExactly("one", "two");
        assertThat(log).singleElement().asString().contains("results for 1 events, not for 2");
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless team writes
    void nullIsAFailureOfTheEvent() throws Exception {
        EventProcessor careless = event -> null;

        assertThat(outcomes(new WorkCall(careless, cost(), noWatch(), log::add), "one"))
                .containsExactly("java.lang.NullPointerException: the work returned null, not a list of results");
    }

    @Test
    void anErrorOfTheJvmItselfIsNotTheEventsFailure() {
        EventWork leaking = value -> {
            throw new OutOfMemoryError("Java heap space");
        };

        assertThatThrownBy(() -> outcomes(new WorkCall(leaking, cost(), noWatch(), log::add), "one"))
                .isInstanceOf(OutOfMemoryError.class);
    }

    private static String text(Event event) {
        byte[] value = event.value();
        return value == null ? "" : new String(value, UTF_8);
    }

    private static List<String> names(ProducerRecord<byte @Nullable [], byte @Nullable []> record) {
        List<String> names = new ArrayList<>();
        record.headers().forEach(header -> names.add(header.key()));
        return names;
    }

    private static WorkWatch noWatch() {
        return WorkWatch.start(Duration.ZERO, line -> {});
    }

    private static CpuCost cost() {
        return new CpuCost(Duration.ZERO);
    }

    /** The value of each event's only result, or why there is none. */
    private List<String> outcomes(WorkCall call, String... values) throws Exception {
        List<String> outcomes = new ArrayList<>();
        try (Spool spool = Spool.open(folder.resolve("spool"));
                QueueConsumer<byte[]> consumer = sent(spool, values).consumer();
                ClaimedBatch<byte[]> batch =
                        consumer.poll(Duration.ofSeconds(10)).orElseThrow()) {
            call.workAhead(batch);
            for (Message<byte[]> message : batch) {
                try {
                    outcomes.add(new String(call.results(message).payload(), UTF_8));
                } catch (EventFailedException failed) {
                    outcomes.add(failed.getCause().toString());
                }
            }
            batch.ack();
        }
        return outcomes;
    }

    /** The records of each event, after its results went through the out-queue. */
    private List<List<ProducerRecord<byte @Nullable [], byte @Nullable []>>> records(WorkCall call, String... values)
            throws Exception {
        List<List<ProducerRecord<byte @Nullable [], byte @Nullable []>>> records = new ArrayList<>();
        try (Spool spool = Spool.open(folder.resolve("spool"))) {
            TurboQueue<byte[]> out = spool.queue("out");
            try (QueueConsumer<byte[]> consumer = sent(spool, values).consumer();
                    ClaimedBatch<byte[]> batch =
                            consumer.poll(Duration.ofSeconds(10)).orElseThrow();
                    QueueProducer<byte[]> producer = out.producer()) {
                call.workAhead(batch);
                for (Message<byte[]> message : batch) {
                    Results results = call.results(message);
                    producer.send(results.payload(), results.options());
                }
                producer.flush();
                batch.ack();
            }
            try (QueueConsumer<byte[]> consumer = out.consumer();
                    ClaimedBatch<byte[]> batch =
                            consumer.poll(Duration.ofSeconds(10)).orElseThrow()) {
                for (Message<byte[]> message : batch) {
                    records.add(Results.records("out", message));
                }
                batch.ack();
            }
        }
        return records;
    }

    private static TurboQueue<byte[]> sent(Spool spool, String... values) throws Exception {
        TurboQueue<byte[]> queue = spool.queue("in");
        try (QueueProducer<byte[]> producer = queue.producer()) {
            for (int i = 0; i < values.length; i++) {
                Event event = new Event(
                        "k".getBytes(UTF_8),
                        values[i].getBytes(UTF_8),
                        List.of(new Event.Header("a", NO_TEXT)),
                        Instant.ofEpochMilli(1_000));
                SendOptions options = EventHeaders.options(event)
                        .header(SourceOffset.BATCH, "flights:an-id:2:0-" + values.length)
                        .header(SourceOffset.OFFSET, Integer.toString(i));
                producer.send(EventHeaders.payload(event.value()), options);
            }
        }
        return queue;
    }
}
