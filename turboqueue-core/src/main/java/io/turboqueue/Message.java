package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a claimed batch. Thread-safe; it may be kept after its batch is closed.
 *
 * <p>A message may be delivered twice. To do its work only once, remember its {@link #identity}.
 *
 * @param <T> the payload's type
 */
public final class Message<T> {

    private final long id;
    private final StoredMessage stored;
    private final Codec<T> codec;
    private final Origin origin;
    private volatile @Nullable T payload;

    /**
     * Where messages come from. Says of the batch only this, since that may be much larger than a message that is kept.
     *
     * @param queue the queue's name
     * @param batch the batch's id
     * @param attempt deliveries of the batch before this one that ended without an ack
     */
    record Origin(String queue, String batch, int attempt) {}

    Message(long id, StoredMessage stored, Codec<T> codec, Origin origin) {
        this.id = id;
        this.origin = origin;
        this.stored = stored;
        this.codec = codec;
    }

    /**
     * The position in the batch that is being delivered. A message that failed alone comes back in another batch, at
     * another position; its {@link #identity} stays the same.
     *
     * @return 1 or more
     */
    public long id() {
        return id;
    }

    /**
     * Identifies the message for its whole life, as {@code BATCH/POSITION}: the id of the batch in which it was sent,
     * and its position there, from 1. It is the same in every delivery, and after a retry alone, a redrive, a move to
     * another queue, and an export and import. A message that changes its batch carries it in the header
     * {@link Headers#ID}. It is unique, unless a sender {@linkplain SendOptions#identity chose} it, or the message was
     * copied, for example imported twice.
     *
     * @return the identity; never null
     */
    public String identity() {
        String carried = Headers.own(stored.headers(), Headers.ID);
        return carried == null ? origin.batch + "/" + id : carried;
    }

    /**
     * The id of the batch that is being delivered.
     *
     * @return the same as {@link ClaimedBatch#id}; never null
     */
    public String batchId() {
        return origin.batch;
    }

    /**
     * The name of the queue that delivers it.
     *
     * @return the name; never null
     */
    public String queue() {
        return origin.queue;
    }

    /**
     * How often this message failed before, as far as the queue knows: for a message that
     * {@linkplain ClaimedBatch#fail failed alone}, how often it did; for all others, how many deliveries of its batch
     * ended without an ack. 0 means that it has not been delivered before, except that a power cut shortly after an ack
     * may deliver it again with 0.
     *
     * @return 0 or more
     */
    public int attempt() {
        int alone = Headers.failures(stored.headers());
        return alone > 0 ? alone : origin.attempt;
    }

    /**
     * When it was sent, by the producer's clock; or the time that the sender {@linkplain SendOptions#time chose}.
     *
     * @return the time in milliseconds; accurate to a few milliseconds if the producer sends tens of thousands of
     *     messages per second
     */
    public Instant time() {
        return Instant.ofEpochMilli(stored.timeMillis());
    }

    /**
     * The key with which it was sent. Bytes in another program's key that are not UTF-8 are replaced by U+FFFD.
     *
     * @return null if it has no key
     */
    public @Nullable String key() {
        return stored.key();
    }

    /**
     * The bytes of the key as they are stored.
     *
     * @return a copy; null if it has no key
     */
    public byte @Nullable [] keyBytes() {
        byte[] bytes = stored.keyBytes();
        return bytes == null ? null : bytes.clone();
    }

    /**
     * The headers with which it was sent, in their order. A message that failed alone also has {@link Headers#ERROR},
     * {@link Headers#ATTEMPT} and {@link Headers#ID}. Values of another program that are not strings are returned as
     * their JSON; headers that are not a JSON object as {@link Headers#HEADERS} or {@link Headers#HEADERS_BASE64}.
     *
     * @return an unmodifiable map; empty if it has no headers, never null
     */
    public Map<String, String> headers() {
        byte[] noText = stored.headersNoText();
        return Headers.parse(noText == null ? stored.headers() : Headers.object(stored));
    }

    /**
     * The headers as the text of a JSON object, as they were written.
     *
     * @return null if it has no headers
     */
    public @Nullable String headersJson() {
        return Headers.object(stored);
    }

    /**
     * The payload. The first call decodes it, later ones return the same object; threads that call it for the first
     * time together may each decode it.
     *
     * @return the payload; never null
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

    StoredMessage stored() {
        return stored;
    }

    @Override
    public String toString() {
        return "Message[id=" + id + ", time=" + time() + ", bytes=" + stored.payload().length + "]";
    }
}
