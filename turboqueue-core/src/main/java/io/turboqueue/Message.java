package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a claimed batch. Safe to hand to other threads.
 *
 * @param <T> the payload's type
 */
public final class Message<T> {

    private final long id;
    private final StoredMessage stored;
    private final Codec<T> codec;
    private final String batch;
    private volatile @Nullable T payload;

    /** The batch is named, not held: it may be much larger than the message. */
    Message(long id, StoredMessage stored, Codec<T> codec, String batch) {
        this.id = id;
        this.batch = batch;
        this.stored = stored;
        this.codec = codec;
    }

    /** The position in its batch, from 1; the same in every delivery. */
    public long id() {
        return id;
    }

    /** When it was sent, by the producer's clock; to a few milliseconds where it sends tens of thousands a second. */
    public Instant time() {
        return Instant.ofEpochMilli(stored.timeMillis());
    }

    /** The key it was sent with, or null. */
    public @Nullable String key() {
        return stored.key();
    }

    /** The headers it was sent with; empty if there were none. A retry has {@link Headers#ERROR} among them. */
    public Map<String, String> headers() {
        return Headers.parse(stored.headers());
    }

    /**
     * The payload, decoded at the first call.
     *
     * @throws UncheckedIOException if the codec cannot decode it, or decodes it to null
     */
    public T payload() {
        T decoded = payload;
        if (decoded == null) {
            try {
                decoded = codec.decode(stored.payload());
            } catch (IOException bad) {
                throw new UncheckedIOException("message " + id + " cannot be decoded: " + bad.getMessage(), bad);
            }
            if (decoded == null) {
                throw new UncheckedIOException(new IOException("message " + id + " is null to its codec"));
            }
            payload = decoded;
        }
        return decoded;
    }

    /** The id of its batch, the same in every delivery. */
    String batch() {
        return batch;
    }

    StoredMessage stored() {
        return stored;
    }

    @Override
    public String toString() {
        return "Message[id=" + id + ", time=" + time() + ", bytes=" + stored.payload().length + "]";
    }
}
