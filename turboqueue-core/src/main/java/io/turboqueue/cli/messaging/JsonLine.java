package io.turboqueue.cli.messaging;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.turboqueue.Headers;
import io.turboqueue.SendOptions;
import io.turboqueue.cli.text.Json;
import io.turboqueue.config.UnitText;
import io.turboqueue.text.WellFormedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as a JSON object, in the form in which {@code receive --ndjson}, {@code cat --ndjson} and {@code export} print
 * it. Needs {@code payload} or {@code payloadBase64}; may have {@code key} or {@code keyBase64}, {@code headers}, {@code
 * time}, {@code priority} and {@code delay}; of where it came from ({@code queue}, {@code batch}, {@code id}, {@code state},
 * {@code attempt}) only its identity is kept; other fields are refused.
 *
 * @param payload its bytes
 * @param options all the rest
 * @param identity of the message that was printed; null if the line does not tell
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
record JsonLine(
        byte[] payload, SendOptions options, @Nullable String identity) {

    private static final Set<String> ORIGIN = Set.of("queue", "batch", "id", "state", "attempt");

    /**
     * Reads one.
     *
     * @param defaults what a line that says nothing else gets
     * @throws IllegalArgumentException if it is no such object, in a sentence
     */
    static JsonLine parse(byte[] line, SendOptions defaults) throws IOException {
        try (JsonParser parser = Json.parser(line)) {
            Reading reading = new Reading(parser, line, defaults);
            reading.object();
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("has more than one JSON value");
            }
            if (reading.payload == null) {
                throw new IllegalArgumentException("has neither \"payload\" nor \"payloadBase64\"");
            }
            return new JsonLine(reading.payload, reading.options, reading.identity());
        } catch (JsonProcessingException bad) {
            throw new IllegalArgumentException("is not JSON: " + bad.getOriginalMessage(), bad);
        } catch (DateTimeException bad) {
            throw new IllegalArgumentException("has a \"time\" that is not a time such as 2026-11-21T15:58:01Z", bad);
        }
    }

    private static final class Reading {
        private final JsonParser parser;
        private final byte[] line;
        private SendOptions options;
        private byte @Nullable [] payload;
        private @Nullable String carried;
        private @Nullable String batch;
        private @Nullable String position;

        Reading(JsonParser parser, byte[] line, SendOptions defaults) {
            this.parser = parser;
            this.line = line;
            this.options = defaults;
        }

        void object() throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                field(name);
            }
        }

        private void field(String name) throws IOException {
            switch (name) {
                case "payload" -> payload = wellFormed(name).getBytes(StandardCharsets.UTF_8);
                case "payloadBase64" -> payload = bytes(name);
                case "key" -> key();
                case "keyBase64" -> options = options.keyBytes(bytes(name));
                case "headers" -> headers();
                case "time" -> options = options.time(Instant.parse(text(name)));
                case "priority" -> options = options.priority(number(name));
                case "delay" -> options = options.delay(UnitText.parseTime(text(name)));
                default -> origin(name);
            }
        }

        private void key() throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_NULL) {
                options = options.key(text("key"));
            }
        }

        private String text(String name) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw new IllegalArgumentException("has a \"" + name + "\" that is not a string");
            }
            return parser.getText();
        }

        /** JSON can spell half of a surrogate pair, which UTF-8 cannot hold. */
        private String wellFormed(String name) throws IOException {
            return WellFormedText.require(name, text(name));
        }

        private int number(String name) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw new IllegalArgumentException("has a \"" + name + "\" that is not a whole number");
            }
            return parser.getIntValue();
        }

        private byte[] bytes(String name) throws IOException {
            try {
                return Base64.getDecoder().decode(text(name));
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(
                        "has a \"" + name + "\" that is not valid Base64: " + bad.getMessage(), bad);
            }
        }

        /** Taken as they are written, so that numbers stay numbers. */
        private void headers() throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("has \"headers\" that are not an object");
            }
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            int end = (int) parser.currentLocation().getByteOffset();
            String json = new String(line, start, end - start, StandardCharsets.UTF_8);
            options = options.headersJson(json);
            carried = Headers.parse(json).get(Headers.ID);
        }

        /** As {@link io.turboqueue.Message#identity} has it. */
        @Nullable
        String identity() {
            return carried == null && batch != null && position != null ? batch + "/" + position : carried;
        }

        private void origin(String name) throws IOException {
            if (!ORIGIN.contains(name)) {
                throw new IllegalArgumentException("has an unknown field \"" + name
                        + "\"; known are payload, payloadBase64, key, keyBase64, headers, time, priority, delay");
            }
            if (name.equals("batch") && parser.currentToken() == JsonToken.VALUE_STRING) {
                batch = parser.getText();
            } else if (name.equals("id") && parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                position = parser.getText();
            }
            parser.skipChildren();
        }
    }
}
