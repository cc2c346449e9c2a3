package io.turboqueue.cli.support;

import io.turboqueue.Headers;
import io.turboqueue.Message;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.cli.text.Json;
import io.turboqueue.cli.text.TerminalText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints messages: payloads a line each, or JSON objects with all there is to a message. Not thread-safe. */
public final class MessagePrinter {

    private static final int PENDING_BYTES = 1 << 16;

    private final OutputStream out;
    private final Format format;
    private final Json json;
    private final boolean screen;
    private final int separator;
    private final byte[] pending = new byte[PENDING_BYTES];
    private int gathered;
    private boolean listed;

    /**
     * For a verb's output.
     *
     * @param separator the byte behind each payload
     */
    public MessagePrinter(Verb verb, Format format, int separator) throws IOException {
        this.out = verb.out();
        this.format = format;
        this.json = verb.json();
        this.screen = verb.context().terminal().out();
        this.separator = separator;
    }

    /** A message as it is in a batch file. */
    public void print(String queue, String batch, long id, StoredMessage message) throws IOException {
        if (format.text()) {
            payload(message.payload());
            return;
        }
        object(fields(
                queue, batch, id, Instant.ofEpochMilli(message.timeMillis()), extras(message), message.payload()));
    }

    /** Key and headers. */
    public static Map<String, @Nullable Object> extras(StoredMessage message) {
        byte[] noText = message.keyNoText();
        Map<String, @Nullable Object> extras = extras(message.key(), noText);
        extras.put("headers", headers(Headers.object(message.headers(), message.headersNoText())));
        return extras;
    }

    /** Key and headers. */
    public static Map<String, @Nullable Object> extras(Message<?> message) {
        String key = message.key();
        byte[] bytes = key == null || key.indexOf('\ufffd') < 0 ? null : message.keyBytes();
        Map<String, @Nullable Object> extras = extras(key, bytes == null || TerminalText.isUtf8(bytes) ? null : bytes);
        extras.put("headers", headers(message.headersJson()));
        return extras;
    }

    private static Map<String, @Nullable Object> extras(@Nullable String key, byte @Nullable [] noText) {
        return noText == null
                ? Json.object("key", key)
                : Json.object("keyBase64", Base64.getEncoder().encodeToString(noText));
    }

    private static Object headers(@Nullable String object) {
        return object == null ? Map.of() : new Json.Written(object);
    }

    /** A payload alone. */
    public void payload(byte[] payload) throws IOException {
        if (screen && TerminalText.isUtf8(payload)) {
            String text = new String(payload, StandardCharsets.UTF_8);
            out.write(TerminalText.screen(text).getBytes(StandardCharsets.UTF_8));
        } else if (screen) {
            out.write(("(" + payload.length + " bytes)").getBytes(StandardCharsets.UTF_8));
        } else {
            raw(payload);
            return;
        }
        out.write(separator);
    }

    /** Gathered here: a million calls of a stream that locks at each cost more than reading the messages did. */
    private void raw(byte[] payload) throws IOException {
        if (gathered + payload.length + 1 > pending.length) {
            writePending();
        }
        if (payload.length + 1 > pending.length) {
            out.write(payload);
            out.write(separator);
            return;
        }
        System.arraycopy(payload, 0, pending, gathered, payload.length);
        gathered += payload.length;
        pending[gathered++] = (byte) separator;
    }

    private void writePending() throws IOException {
        int length = gathered;
        gathered = 0; // a failed write is not repeated
        out.write(pending, 0, length);
    }

    /** Everything printed so far goes out. */
    public void flush() throws IOException {
        writePending();
        out.flush();
    }

    /** A JSON object: a line, or an element of the one document. */
    public void object(Map<String, @Nullable Object> fields) throws IOException {
        if (format.ndjson()) {
            json.line(fields);
            return;
        }
        startList();
        json.element(fields);
    }

    private void startList() throws IOException {
        if (!listed) {
            json.startList("messages");
            listed = true;
        }
    }

    /** After the last one. */
    public void end() throws IOException {
        if (format.json()) {
            startList();
            json.endList();
        }
        flush();
    }

    /** What {@code --ndjson} prints and {@code import} reads. Payloads that are not UTF-8 text are in Base64. */
    public static Map<String, @Nullable Object> fields(
            String queue, String batch, long id, Instant time, Map<String, @Nullable Object> extras, byte[] payload) {
        Map<String, @Nullable Object> fields = Json.object("queue", queue, "batch", batch, "id", id, "time", time);
        fields.putAll(extras);
        if (TerminalText.isUtf8(payload)) {
            fields.put("payload", new String(payload, StandardCharsets.UTF_8));
        } else {
            fields.put("payloadBase64", Base64.getEncoder().encodeToString(payload));
        }
        return fields;
    }
}
