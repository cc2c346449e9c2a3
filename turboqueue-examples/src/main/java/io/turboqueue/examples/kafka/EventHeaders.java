package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import io.turboqueue.SendOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
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
        SendOptions options = SendOptions.create();
        byte[] key = record.key();
        if (key != null) {
            options = isText(key) ? options.key(utf8(key)) : options.header(KEY_BASE64, base64(key));
        }
        if (record.timestamp() >= 0) {
            options = options.time(Instant.ofEpochMilli(record.timestamp()));
        }
        if (record.value() == null) {
            options = options.header(TOMBSTONE, "true");
        }
        int index = 0;
        for (Header header : record.headers()) {
            if (index == INDEX_BASE) {
                throw new IllegalArgumentException("more than " + INDEX_BASE + " headers are not allowed");
            }
            options = withHeader(options, index++, header);
        }
        return options;
    }

    private static SendOptions withHeader(SendOptions options, int index, Header header) {
        String name = Integer.toString(INDEX_BASE + index).substring(1) + "." + header.key();
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
        long bytes = OVERHEAD + 2L * record.topic().length() + payload(record).length;
        byte[] key = record.key();
        if (key != null) {
            bytes += isText(key) ? key.length : base64Length(key);
        }
        for (Header header : record.headers()) {
            byte[] value = header.value();
            bytes += HEADER_OVERHEAD + jsonLength(header.key().getBytes(StandardCharsets.UTF_8));
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
    static byte[] payload(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        byte[] value = record.value();
        return value == null ? NOTHING : value;
    }

    /** Whether these are the headers of a record without a value. */
    static boolean isTombstone(Map<String, String> headers) {
        return headers.containsKey(TOMBSTONE);
    }

    /**
     * The options for passing a message on with everything it has, but the marks of an earlier failure.
     *
     * @param headers the message's: reading them costs something
     */
    static SendOptions passOn(Message<byte[]> message, Map<String, String> headers) {
        SendOptions options = SendOptions.create().time(message.time());
        String key = message.key();
        if (key != null) {
            options = options.key(key);
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!header.getKey().startsWith("turboqueue.")) {
                options = options.header(header.getKey(), header.getValue());
            }
        }
        return options;
    }

    /** The record for a message. Where the event stood in its topic goes along, as the last header of its name. */
    static ProducerRecord<byte @Nullable [], byte @Nullable []> record(String topic, Message<byte[]> message) {
        Map<String, String> headers = new TreeMap<>(message.headers());
        byte[] value = headers.containsKey(TOMBSTONE) ? null : message.payload();
        ProducerRecord<byte @Nullable [], byte @Nullable []> record =
                new ProducerRecord<>(topic, null, message.time().toEpochMilli(), key(message.key(), headers), value);
        Map<Integer, Header> own = new TreeMap<>();
        headers.forEach((name, text) -> {
            addHeader(own, TEXT, name, text.getBytes(StandardCharsets.UTF_8));
            if (name.startsWith(BASE64)) {
                addHeader(own, BASE64, name, Base64.getDecoder().decode(text));
            }
            addHeader(own, EMPTY, name, null);
        });
        own.values().forEach(record.headers()::add);
        addSource(record, headers, SourceOffset.BATCH);
        addSource(record, headers, SourceOffset.OFFSET);
        return record;
    }

    private static void addHeader(Map<Integer, Header> own, String prefix, String name, byte @Nullable [] value) {
        if (name.startsWith(prefix)) {
            int end = prefix.length() + INDEX_DIGITS;
            own.put(
                    Integer.parseInt(name.substring(prefix.length(), end)),
                    new RecordHeader(name.substring(end + 1), value));
        }
    }

    private static void addSource(
            ProducerRecord<byte @Nullable [], byte @Nullable []> record, Map<String, String> headers, String name) {
        String value = headers.get(name);
        if (value != null) {
            record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte @Nullable [] key(@Nullable String key, Map<String, String> headers) {
        String encoded = headers.get(KEY_BASE64);
        if (encoded != null) {
            return Base64.getDecoder().decode(encoded);
        }
        return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isText(byte[] bytes) {
        String text = utf8(bytes);
        return text.indexOf('\0') < 0 && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
