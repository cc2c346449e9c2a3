package io.turboqueue.examples.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as a JSON array and back, without loss: bytes that are not text are Base64. Pure functions. */
final class EventJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KEY = "key";
    private static final String VALUE = "value";
    private static final String BASE64 = "64";
    private static final String HEADERS = "headers";
    private static final String NAME = "name";
    private static final String TIME = "time";

    private EventJson() {}

    static byte[] write(List<Event> events) {
        ArrayNode array = JSON.createArrayNode();
        for (Event event : events) {
            ObjectNode json = array.addObject();
            put(json, KEY, event.key());
            put(json, VALUE, event.value());
            json.put(TIME, event.time().toEpochMilli());
            for (Event.Header header : event.headers()) {
                put(json.withArray(HEADERS).addObject().put(NAME, header.name()), VALUE, header.value());
            }
        }
        try {
            return JSON.writeValueAsBytes(array);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void put(ObjectNode json, String name, byte @Nullable [] bytes) {
        if (bytes != null && EventHeaders.isText(bytes)) {
            json.put(name, EventHeaders.utf8(bytes));
        } else if (bytes != null) {
            json.put(name + BASE64, bytes);
        }
    }

    /**
     * The events.
     *
     * @throws IllegalArgumentException if these are none
     */
    static List<Event> read(byte[] array) {
        try {
            List<Event> events = new ArrayList<>();
            for (JsonNode json : JSON.readTree(array)) {
                List<Event.Header> headers = new ArrayList<>();
                for (JsonNode header : json.path(HEADERS)) {
                    headers.add(new Event.Header(header.path(NAME).asText(), bytes(header, VALUE)));
                }
                events.add(new Event(
                        bytes(json, KEY),
                        bytes(json, VALUE),
                        headers,
                        Instant.ofEpochMilli(json.path(TIME).asLong())));
            }
            return events;
        } catch (IOException broken) {
            throw new IllegalArgumentException("the results are not as the pipeline writes them", broken);
        }
    }

    private static byte @Nullable [] bytes(JsonNode json, String name) throws IOException {
        JsonNode text = json.get(name);
        if (text != null) {
            return EventHeaders.bytes(text.asText());
        }
        JsonNode encoded = json.get(name + BASE64);
        return encoded == null ? null : encoded.binaryValue();
    }
}
