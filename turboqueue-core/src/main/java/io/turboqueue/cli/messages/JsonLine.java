package io.turboqueue.cli.messages;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.turboqueue.SendOptions;
import io.turboqueue.config.UnitText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as a JSON object, in the form in which {@code receive --ndjson}, {@code cat --ndjson} and {@code export} print
 * it. Needs {@code payload} or {@code payloadBase64}; may have {@code key}, {@code headers}, {@code time}, {@code priority}
 * and {@code delay}; where it came from ({@code queue}, {@code batch}, {@code id}, {@code state}, {@code attempt}) is
 * ignored, other fields are refused.
 *
 * @param payload its bytes
 * @param options all the rest
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
record JsonLine(byte[] payload, SendOptions options) {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Set<String> ORIGIN = Set.of("queue", "batch", "id", "state", "attempt");
    private static final String OWN_HEADERS = "turboqueue.";

    /**
     * Reads one.
     *
     * @param defaults what a line that says nothing else gets
     * @throws IllegalArgumentException if it is no such object, in a sentence
     */
    static JsonLine parse(byte[] line, SendOptions defaults) throws IOException {
        try (JsonParser parser = FACTORY.createParser(line)) {
            Reading reading = new Reading(parser, defaults);
            reading.object();
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("has more than one JSON value");
            }
            if (reading.payload == null) {
                throw new IllegalArgumentException("has neither \"payload\" nor \"payloadBase64\"");
            }
            return new JsonLine(reading.payload, reading.options);
        } catch (JsonProcessingException bad) {
            throw new IllegalArgumentException("is not JSON: " + bad.getOriginalMessage(), bad);
        } catch (DateTimeException bad) {
            throw new IllegalArgumentException("has a \"time\" that is none, such as 2026-11-21T15:58:01Z", bad);
        }
    }

    private static final class Reading {
        private final JsonParser parser;
        private SendOptions options;
        private byte @Nullable [] payload;

        Reading(JsonParser parser, SendOptions defaults) {
            this.parser = parser;
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
                case "payload" -> payload = text(name).getBytes(StandardCharsets.UTF_8);
                case "payloadBase64" -> payload = bytes(text(name));
                case "key" -> key();
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
                throw new IllegalArgumentException("has a \"" + name + "\" that is no text");
            }
            return parser.getText();
        }

        private int number(String name) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw new IllegalArgumentException("has a \"" + name + "\" that is no whole number");
            }
            return parser.getIntValue();
        }

        private static byte[] bytes(String base64) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException("has a \"payloadBase64\" that is none: " + bad.getMessage(), bad);
            }
        }

        /** The queue's own headers tell of deliveries that are over. */
        private void headers() throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("has \"headers\" that are no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                String value = text("headers." + name);
                if (!name.startsWith(OWN_HEADERS)) {
                    options = options.header(name, value);
                }
            }
        }

        private void origin(String name) throws IOException {
            if (!ORIGIN.contains(name)) {
                throw new IllegalArgumentException("has an unknown field \"" + name
                        + "\"; known are payload, payloadBase64, key, headers, time, priority, delay");
            }
            parser.skipChildren();
        }
    }
}
