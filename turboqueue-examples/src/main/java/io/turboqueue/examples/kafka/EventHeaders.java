package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import io.turboqueue.SendOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record's key, headers and timestamp as those of a message, and back, without loss: what is not text is kept as
 * Base64, headers keep their order and may repeat. Pure functions.
 *
 * <p>A record's third header {@code trace=7} is the message's header {@code kafka.header.0002.trace=7}.
 */
final class EventHeaders {

    private static final String KEY_BASE64 = "kafka.key64";
    private static final String TOMBSTONE = "kafka.tombstone";
    private static final String TEXT = "kafka.header.";
    private static final String BASE64 = "kafka.header64.";
    private static final String EMPTY = "kafka.headerNull.";
    private static final int INDEX_DIGITS = 4;
    private static final int INDEX_BASE = 10_000;
    private static final int UNICODE_ESCAPE = 6; // \\u001b

    /** What a row, the names of the headers that every message has, and their values take, but for the topic. */
    private static final int OVERHEAD = 512;

    /** What the longest prefix, index, quotes, colon and comma of a header take. */
    private static final int HEADER_OVERHEAD = 32;

    private static final byte[] NOTHING = new byte[0];

    private EventHeaders() {}

    /**
     * The options for sending a record to the queue; to these come the headers of {@link SourceOffset}.
     *
     * @throws IllegalArgumentException if no message can have its headers
     */
    static SendOptions options(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        List<Event.Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new Event.Header(header.key(), header.value())));
        SendOptions options = options(record.key(), record.value() == null, headers);
        return record.timestamp() < 0 ? options : options.time(Instant.ofEpochMilli(record.timestamp()));
    }

    /**
     * The same for an event.
     *
     * @throws IllegalArgumentException if no message can have its headers
     */
    static SendOptions options(Event event) {
        return options(event.key(), event.value() == null, event.headers()).time(event.time());
    }

    private static SendOptions options(byte @Nullable [] key, boolean tombstone, List<Event.Header> headers) {
        if (headers.size() > INDEX_BASE) {
            throw new IllegalArgumentException("more than " + INDEX_BASE + " headers are not allowed");
        }
        SendOptions options = SendOptions.create();
        if (key != null) {
            options = isText(key) ? options.key(utf8(key)) : options.header(KEY_BASE64, base64(key));
        }
        if (tombstone) {
            options = options.header(TOMBSTONE, "true");
        }
        for (int index = 0; index < headers.size(); index++) {
            options = withHeader(options, index, headers.get(index));
        }
        return options;
    }

    private static SendOptions withHeader(SendOptions options, int index, Event.Header header) {
        String name = Integer.toString(INDEX_BASE + index).substring(1) + "." + header.name();
        byte[] value = header.value();
        if (value == null) {
            return options.header(EMPTY + name, "");
        }
        return isText(value) ? options.header(TEXT + name, utf8(value)) : options.header(BASE64 + name, base64(value));
    }

    /**
     * At least the bytes that a queue counts for a record's message, with the headers of {@link SourceOffset}; most often
     * exactly or little more.
     */
    static long bytes(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        long bytes = OVERHEAD + 2L * record.topic().length() + payload(record.value()).length;
        byte[] key = record.key();
        if (key != null) {
            bytes += isText(key) ? key.length : base64Length(key);
        }
        for (Header header : record.headers()) {
            byte[] value = header.value();
            bytes += HEADER_OVERHEAD + jsonLength(bytes(header.key()));
            if (value != null) {
                bytes += isText(value) ? jsonLength(value) : base64Length(value);
            }
        }
        return bytes;
    }

    private static long base64Length(byte[] bytes) {
        return (bytes.length + 2L) / 3 * 4;
    }

    /** At least the characters of this UTF-8 text in JSON. */
    private static long jsonLength(byte[] utf8) {
        long length = 0;
        for (byte b : utf8) {
            boolean control = b >= 0 && b < ' ';
            boolean escaped = b == '"' || b == '\\';
            length += control ? UNICODE_ESCAPE : escaped ? 2 : 1;
        }
        return length;
    }

    /** The payload for a record's value; a message must have one. */
    static byte[] payload(byte @Nullable [] value) {
        return value == null ? NOTHING : value;
    }

    /**
     * The event that a message holds.
     *
     * @throws IllegalArgumentException if its headers are none of the pipeline's
     */
    static Event event(Message<byte[]> message) {
        return event(message, message.headers());
    }

    /** The same with the message's headers: reading them costs something. */
    static Event event(Message<byte[]> message, Map<String, String> headers) {
        byte[] value = headers.containsKey(TOMBSTONE) ? null : message.payload();
        return new Event(key(message.key(), headers), value, headersOfRecord(headers), message.time());
    }

    private static List<Event.Header> headersOfRecord(Map<String, String> headers) {
        Map<Integer, Event.Header> own = new TreeMap<>();
        headers.forEach((name, text) -> {
            addHeader(own, TEXT, name, bytes(text));
            if (name.startsWith(BASE64)) {
                addHeader(own, BASE64, name, Base64.getDecoder().decode(text));
            }
            addHeader(own, EMPTY, name, null);
        });
        return List.copyOf(own.values());
    }

    /**
     * The record for a result. Where the event stood in its topic goes along, as the last header of its name.
     *
     * @param source the headers of the message that held the result
     */
    static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            String topic, Event result, Map<String, String> source) {
        ProducerRecord<byte @Nullable [], byte @Nullable []> record =
                new ProducerRecord<>(topic, null, result.time().toEpochMilli(), result.key(), result.value());
        result.headers().forEach(header -> record.headers().add(header.name(), header.value()));
        addSource(record, source, SourceOffset.BATCH);
        addSource(record, source, SourceOffset.OFFSET);
        return record;
    }

    private static void addHeader(Map<Integer, Event.Header> own, String prefix, String name, byte @Nullable [] value) {
        if (name.startsWith(prefix)) {
            int end = prefix.length() + INDEX_DIGITS;
            own.put(
                    Integer.parseInt(name.substring(prefix.length(), end)),
                    new Event.Header(name.substring(end + 1), value));
        }
    }

    private static void addSource(
            ProducerRecord<byte @Nullable [], byte @Nullable []> record, Map<String, String> headers, String name) {
        String value = headers.get(name);
        if (value != null) {
            record.headers().add(name, bytes(value));
        }
    }

    private static byte @Nullable [] key(@Nullable String key, Map<String, String> headers) {
        String encoded = headers.get(KEY_BASE64);
        if (encoded != null) {
            return Base64.getDecoder().decode(encoded);
        }
        return key == null ? null : bytes(key);
    }

    /** Whether these bytes are the UTF-8 of a text that SQLite can hold. */
    static boolean isText(byte[] bytes) {
        String text = utf8(bytes);
        return text.indexOf('\0') < 0 && Arrays.equals(bytes(text), bytes);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
