package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a batch file, undecoded. The array is not copied: whoever makes a message leaves it alone afterwards.
 *
 * @param timeMillis when it was sent, milliseconds since the epoch
 * @param key the key, or null
 * @param headers a JSON object as text, or null; other programs may write any text
 * @param payload the content; what is stored as TEXT is UTF-8 as a rule
 * @param storedAs how the row holds this
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
public record StoredMessage(
        long timeMillis, @Nullable String key, @Nullable String headers, byte[] payload, StoredAs storedAs) {

    /** The most bytes of a message to send: SQLite reads 1,000,000,000, the rest is for headers that the queue adds. */
    public static final long MAX_BYTES = 1_000_000_000 - (1 << 20);

    private static final int ROW_OVERHEAD = 24;
    private static final int OBJECTS = 72; // a message, its array, and its place in a list
    private static final int STRING = 56;
    private static final int VALUE = 40;
    private static final int MAX_BYTES_A_CHARACTER = 3;

    /**
     * A message of this library's own.
     *
     * @param text whether the payload is stored as TEXT rather than BLOB; it is then valid UTF-8
     */
    public StoredMessage(
            long timeMillis, @Nullable String key, @Nullable String headers, byte[] payload, boolean text) {
        this(timeMillis, key, headers, payload, text ? StoredAs.TEXT : StoredAs.BLOB);
    }

    /** A message with a key that is any bytes. */
    public static StoredMessage withKeyBytes(
            long timeMillis, byte[] key, @Nullable String headers, byte[] payload, boolean text) {
        StoredMessage plain = new StoredMessage(timeMillis, new String(key, UTF_8), headers, payload, text);
        return plain.asRow(List.of(
                StoredValue.of(timeMillis),
                StoredValue.blob(key),
                StoredValue.text(headers),
                text ? StoredValue.text(payload) : StoredValue.blob(payload)));
    }

    /** The same message, whose row has these values: they are kept where they are not what this library would write. */
    public StoredMessage asRow(List<StoredValue> row) {
        StoredValue storedTime = row.get(StoredAs.TIME).asTime(timeMillis);
        long time = storedTime.isInteger() ? storedTime.toLong() : timeMillis;
        StoredValue storedKey = row.get(StoredAs.KEY).readable();
        StoredValue storedHeaders = row.get(StoredAs.HEADERS).readable();
        StoredValue storedPayload = row.get(StoredAs.PAYLOAD).readable();
        boolean own = storedTime.isInteger()
                && storedKey.isStored(key)
                && storedHeaders.isStored(headers)
                && storedPayload.isBytes();
        StoredAs form = own
                ? storedAs
                : StoredAs.row(List.of(storedTime, storedKey, storedHeaders.asHeaders(headers), storedPayload));
        return new StoredMessage(time, key, headers, payload, form);
    }

    /** The same message with other headers. */
    public StoredMessage withHeaders(@Nullable String json) {
        return new StoredMessage(timeMillis, key, json, payload, storedAs.withHeaders(json));
    }

    public StoredMessage asBlob() {
        return new StoredMessage(timeMillis, key, headers, payload, false);
    }

    /** Whether the payload is TEXT rather than BLOB. */
    public boolean text() {
        return storedAs.text();
    }

    /** Whether a writer stores the payload as TEXT: SQLite's own tools cut off a text at U+0000, but no BLOB. */
    public boolean storesText() {
        return storedAs.text() && (storedAs.row() != null || !Zeros.in(payload));
    }

    /** The key's bytes: those of its text, or whatever another program wrote; null if it has none. */
    public byte @Nullable [] keyBytes() {
        return storedAs.bytes(StoredAs.KEY, key);
    }

    /** The bytes of headers that are not UTF-8, of which the text shows only a part; else null. */
    public byte @Nullable [] headersNoText() {
        byte[] bytes = storedAs.row() == null ? null : storedAs.bytes(StoredAs.HEADERS, headers);
        return bytes == null || StoredValue.isText(headers, bytes) ? null : bytes;
    }

    /** The bytes of a key that is not UTF-8, of which the text shows only a part; else null. */
    public byte @Nullable [] keyNoText() {
        byte[] bytes = storedAs.row() == null ? null : keyBytes();
        return bytes == null || StoredValue.isText(key, bytes) ? null : bytes;
    }

    /** About how many bytes this message takes in a batch file. */
    public long weight() {
        return ROW_OVERHEAD + payload.length + length(key) + length(headers);
    }

    /** At most how many bytes this message takes in memory. */
    public long memory() {
        List<StoredValue> row = storedAs.row();
        return OBJECTS + payload.length + memory(key) + memory(headers) + (row == null ? 0 : memory(row));
    }

    private static long memory(@Nullable String text) {
        return text == null ? 0 : STRING + 2L * text.length();
    }

    private static long memory(List<StoredValue> row) {
        return OBJECTS
                + row.stream()
                        .filter(value -> !value.isNull())
                        .mapToLong(value -> VALUE + value.bytes().length)
                        .sum();
    }

    /** Whether it takes more than {@link #MAX_BYTES}. */
    public boolean isTooLarge() {
        return weight() > MAX_BYTES / MAX_BYTES_A_CHARACTER
                && ROW_OVERHEAD + payload.length + bytes(key) + bytes(headers) > MAX_BYTES;
    }

    private static long bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(UTF_8).length;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
