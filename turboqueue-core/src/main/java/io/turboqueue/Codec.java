package io.turboqueue;

import java.io.IOException;

/**
 * Turns payloads into bytes and back. Implementations must be thread-safe.
 *
 * @param <T> the payload's type
 */
public interface Codec<T> {

    /**
     * The payload's bytes, which the codec must not change afterwards.
     *
     * @throws IOException if the payload cannot be encoded; the message is not accepted then
     */
    byte[] encode(T payload) throws IOException;

    /**
     * The payload of these bytes, which it may keep but not change.
     *
     * @throws IOException if they are not a payload
     */
    T decode(byte[] bytes) throws IOException;

    /**
     * Whether these encoded bytes are valid UTF-8. They are then stored as TEXT, so that {@code sqlite3} shows them and its
     * JSON functions work on them; otherwise as BLOB.
     */
    default boolean text(byte[] encoded) {
        return false;
    }
}
