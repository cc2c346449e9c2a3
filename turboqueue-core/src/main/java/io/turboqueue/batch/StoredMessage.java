package io.turboqueue.batch;

import org.jspecify.annotations.Nullable;

/**
 * One row of a batch file, undecoded. The array is not copied: whoever makes a message leaves it alone afterwards.
 *
 * @param timeMillis when it was sent, milliseconds since the epoch
 * @param key the key, or null
 * @param headers a JSON object as text, or null
 * @param payload the content; for {@code text} it is valid UTF-8
 * @param text whether the payload is stored as TEXT rather than BLOB
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
public record StoredMessage(
        long timeMillis, @Nullable String key, @Nullable String headers, byte[] payload, boolean text) {

    private static final int ROW_OVERHEAD = 24;

    /** About how many bytes this message takes in a batch file. */
    public long weight() {
        return ROW_OVERHEAD + payload.length + length(key) + length(headers);
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
