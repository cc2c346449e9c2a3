package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecsTest {

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

    record Flight(String origin, String destination, int delay, List<String> stops, Map<String, Double> fares) {}

    private <T> T through(Codec<T> codec, T payload) throws Exception {
        TurboQueue<T> queue = spool.queue(codec);
        try (QueueProducer<T> producer = queue.producer()) {
            producer.send(payload);
        }
        List<T> delivered = drain(queue);
        assertThat(delivered).hasSize(1);
        return delivered.get(0);
    }

    @Test
    void recordsGoThroughJson() throws Exception {
        Flight flight = new Flight("LAX", "JFK", -7, List.of("ORD", "DEN"), Map.of("Y", 99.5));
        assertThat(through(Codecs.json(Flight.class), flight)).isEqualTo(flight);
    }

    record Booking(
            Instant made,
            LocalDate day,
            Duration stay,
            Optional<String> note,
            Optional<String> none,
            OptionalInt seats) {}

    @Test
    void datesAndOptionalsGoThroughJsonAndDatesAreIsoText() throws Exception {
        Codec<Booking> codec = Codecs.json(Booking.class);
        Booking booking = new Booking(
                Instant.parse("2026-11-21T12:00:00.123456789Z"),
                LocalDate.of(2026, 12, 24),
                Duration.ofMinutes(90),
                Optional.of("late"),
                Optional.empty(),
                OptionalInt.of(3));

        assertThat(through(codec, booking)).isEqualTo(booking);
        assertThat(new String(codec.encode(booking), StandardCharsets.UTF_8))
                .isEqualTo("{\"made\":\"2026-11-21T12:00:00.123456789Z\",\"day\":\"2026-12-24\",\"stay\":\"PT1H30M\","
                        + "\"note\":\"late\",\"none\":null,\"seats\":3}");
    }

    @Test
    void fieldsThatTheTypeDoesNotHaveAreIgnored() throws Exception {
        byte[] newer = "{\"code\":\"LAX\",\"since\":{\"year\":1930}}".getBytes(StandardCharsets.UTF_8);
        assertThat(Codecs.json(Airport.class).decode(newer)).isEqualTo(new Airport("LAX"));
    }

    record Airport(String code) {}

    @Test
    void genericTypesGoThroughJson() throws Exception {
        Map<String, List<Airport>> payload = Map.of("US", List.of(new Airport("LAX"), new Airport("JFK")));
        TypeReference<Map<String, List<Airport>>> type = new TypeReference<>() {};
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .build();

        assertThat(through(Codecs.json(type), payload)).isEqualTo(payload);
        assertThat(through(Codecs.<Map<String, List<Airport>>>json(mapper.constructType(type)), payload))
                .isEqualTo(payload);
        assertThat(through(Codecs.json(type, mapper), payload)).isEqualTo(payload);
        assertThat(new String(Codecs.json(type, mapper).encode(payload), StandardCharsets.UTF_8))
                .contains("{\"Code\":\"LAX\"}");
    }

    @Test
    void twoFunctionsMakeACodec() throws Exception {
        Codec<Long> binary =
                Codec.of(number -> ByteBuffer.allocate(8).putLong(number).array(), bytes -> ByteBuffer.wrap(bytes)
                        .getLong());
        Codec<Airport> text = Codec.ofText(
                airport -> airport.code().getBytes(StandardCharsets.UTF_8),
                bytes -> new Airport(new String(bytes, StandardCharsets.UTF_8)));

        assertThat(through(binary, 42L)).isEqualTo(42L);
        assertThat(through(text, new Airport("JFK"))).isEqualTo(new Airport("JFK"));
        assertThat(binary.text(new byte[8])).isFalse();
        assertThat(text.text(new byte[3])).isTrue();
    }

    @Test
    void aMapperOfOnesOwnIsUsed() throws Exception {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .build();
        Codec<Flight> codec = Codecs.json(Flight.class, mapper);
        Flight flight = new Flight("LAX", "JFK", 0, List.of(), Map.of());
        assertThat(new String(codec.encode(flight), StandardCharsets.UTF_8)).contains("\"Origin\":\"LAX\"");
        assertThat(through(codec, flight)).isEqualTo(flight);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "äöü",
                "\u4f60\u597d",
                "\uD83D\uDE00",
                "nul\u0000inside",
                "\u0000",
                "'; DROP TABLE message; --"
            })
    void anyTextGoesThroughUtf8(String text) throws Exception {
        assertThat(through(Codecs.utf8(), text)).isEqualTo(text);
    }

    @Test
    void textWithAnUnpairedSurrogateIsRefusedAndTheProducerStaysUsable() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            assertThatThrownBy(() -> producer.send("a\uD83Db"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "payload is not allowed: it holds an unpaired surrogate, U+D83D, at index 1");
            producer.send("good");
        }
        assertThat(drain(queue)).containsExactly("good");
    }

    @Test
    void jsonKeepsAnUnpairedSurrogateByAnEscape() throws Exception {
        assertThat(through(Codecs.json(String.class), "a\uD83Db")).isEqualTo("a\uD83Db");
    }

    @Test
    void largePayloadsGoThrough() throws Exception {
        byte[] large = new byte[3_000_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        assertThat(through(Codecs.bytes(), large)).isEqualTo(large);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "\u4f60\u597d", "\uD83D\uDE00", "a\nb", "nul\u0000inside", "quote'\"", "{}"})
    void anyTextMayBeAKeyOrAHeader(String text) throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("plain");
            producer.send("a", SendOptions.create().key(text).header("h" + text, text));
        }
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            List<Message<String>> messages = List.of(batch.iterator().next(), last(batch));
            assertThat(messages.get(0).key()).isNull();
            assertThat(messages.get(0).headers()).isEmpty();
            assertThat(messages.get(1).key()).isEqualTo(text);
            assertThat(messages.get(1).headers()).isEqualTo(Map.of("h" + text, text));
        }
    }

    private static <T> Message<T> last(ClaimedBatch<T> batch) {
        Message<T> last = null;
        for (Message<T> message : batch) {
            last = message;
        }
        if (last == null) {
            throw new AssertionError("an empty batch");
        }
        return last;
    }

    @Test
    void messagesWithAndWithoutKeysMixInOneBatch() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            for (int i = 0; i < 175; i++) {
                SendOptions options = SendOptions.create();
                producer.send("" + i, i % 3 == 0 ? options.key("k" + i) : options);
            }
        }
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            assertThat(batch.size()).isEqualTo(175);
            int i = 0;
            for (Message<String> message : batch) {
                assertThat(message.payload()).isEqualTo("" + i);
                assertThat(message.key()).isEqualTo(i % 3 == 0 ? "k" + i : null);
                i++;
            }
        }
    }

    @Test
    void aPayloadThatCannotBeDecodedIsAnErrorThatNamesTheMessage() throws Exception {
        publish(spool.queue(), "{}", "no json");
        try (QueueConsumer<Flight> consumer =
                spool.queue(Codecs.json(Flight.class)).consumer()) {
            ClaimedBatch<Flight> batch = claim(consumer);
            Message<Flight> bad = last(batch);
            assertThatThrownBy(bad::payload)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("message 2 cannot be decoded: ")
                    .hasCauseInstanceOf(JsonProcessingException.class);
            assertThatThrownBy(bad::payload).isInstanceOf(UncheckedIOException.class);
            batch.fail(bad, new IOException("no"));
            batch.ack();
        }
        assertThat(SpoolOnDisk.names(spool.files().later("q"))).hasSize(1);
    }

    @Test
    void aPayloadIsDecodedOnce() throws Exception {
        publish(spool.queue(), "[1]");
        try (QueueConsumer<List<?>> consumer = spool.queue(lists()).consumer()) {
            Message<List<?>> message = claim(consumer).iterator().next();
            assertThat(message.payload()).isSameAs(message.payload());
        }
    }

    @SuppressWarnings("unchecked")
    private static Codec<List<?>> lists() {
        return (Codec<List<?>>) (Codec<?>) Codecs.json(List.class);
    }

    @Test
    void onlyBytesAreStoredAsBlobs() {
        assertThat(Codecs.bytes().text(new byte[0])).isFalse();
        assertThat(Codecs.utf8().text(new byte[0])).isTrue();
        assertThat(Codecs.json(Flight.class).text(new byte[0])).isTrue();
    }

    @Test
    void aMessageSaysWhichItIsButNotWhatIsInIt() throws Exception {
        publish(spool.queue(), "secret");
        try (QueueConsumer<String> consumer = spool.queue().consumer()) {
            Message<String> message = claim(consumer).iterator().next();
            assertThat(message).hasToString("Message[id=1, time=2026-11-21T12:00:00Z, bytes=6]");
        }
    }

    @Test
    void aPayloadThatIsNullToItsCodecIsAnErrorThatNamesTheMessage() throws Exception {
        publish(spool.queue(), "null");
        try (QueueConsumer<Flight> consumer =
                spool.queue(Codecs.json(Flight.class)).consumer()) {
            Message<Flight> message = claim(consumer).iterator().next();
            assertThatThrownBy(message::payload)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("message 1 is null to its codec");
        }
    }
}
