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
     * @param payload what was sent
     * @return its bytes
     * @throws IOException if the payload cannot be encoded; the message is not accepted then
     */
    byte[] encode(T payload) throws IOException;

    /**
     * The payload of these bytes, which it may keep but not change.
     *
     * @param bytes what {@link #encode} made
     * @return the payload
     * @throws IOException if they are not a payload
     */
    T decode(byte[] bytes) throws IOException;

    /**
     * Whether these encoded bytes are valid UTF-8. They are then stored as TEXT, so that {@code sqlite3} shows them and its
     * JSON functions work on them; otherwise as BLOB.
     *
     * @param encoded what {@link #encode} returned
     * @return whether they are stored as TEXT; false unless overridden
     */
    default boolean text(byte[] encoded) {
        return false;
    }

    /**
     * A codec of two functions, stored as BLOB: for Avro, Protobuf or any other binary form.
     *
     * @param <T> the payload's type
     * @param encoder makes bytes of a payload; must be thread-safe
     * @param decoder makes a payload of bytes; must be thread-safe
     * @return a codec that is as thread-safe as both
     */
    static <T> Codec<T> of(Encoder<T> encoder, Decoder<T> decoder) {
        return new FunctionCodec<>(encoder, decoder, false);
    }

    /**
     * A codec of two functions, stored as TEXT: for JSON by another library, XML, CSV.
     *
     * @param <T> the payload's type
     * @param encoder makes valid UTF-8 of a payload; must be thread-safe
     * @param decoder makes a payload of UTF-8; must be thread-safe
     * @return a codec that is as thread-safe as both
     */
    static <T> Codec<T> ofText(Encoder<T> encoder, Decoder<T> decoder) {
        return new FunctionCodec<>(encoder, decoder, true);
    }

    /**
     * Makes bytes of a payload.
     *
     * @param <T> the payload's type
     */
    @FunctionalInterface
    interface Encoder<T> {
        /**
         * The payload's bytes, which the encoder must not change afterwards.
         *
         * @param payload what was sent
         * @return its bytes
         * @throws IOException if the payload cannot be encoded; the message is not accepted then
         */
        byte[] encode(T payload) throws IOException;
    }

    /**
     * Makes a payload of bytes.
     *
     * @param <T> the payload's type
     */
    @FunctionalInterface
    interface Decoder<T> {
        /**
         * The payload of these bytes, which it may keep but not change.
         *
         * @param bytes what an encoder made
         * @return the payload
         * @throws IOException if they are not a payload
         */
        T decode(byte[] bytes) throws IOException;
    }
}
