package io.turboqueue;

import java.io.IOException;

/**
 * A message that belongs to this consumer until it is {@linkplain #ack acked} or has {@linkplain #fail failed}; see
 * {@link QueueConsumer#pollMessage}. Thread-safe.
 *
 * @param <T> the payload's type
 */
public final class ClaimedMessage<T> implements AutoCloseable {

    private final MessageClaims<T> batch;
    private final Message<T> message;

    ClaimedMessage(MessageClaims<T> batch, Message<T> message) {
        this.batch = batch;
        this.message = message;
    }

    /**
     * The message itself.
     *
     * @return the message; never null, and may be kept after {@link #close}
     */
    public Message<T> message() {
        return message;
    }

    /**
     * The same as {@code message().payload()}.
     *
     * @return the payload; never null
     * @throws java.io.UncheckedIOException if the codec cannot decode it
     */
    public T payload() {
        return message.payload();
    }

    /**
     * Marks the message as done: it is not delivered again. The ack survives the death of this process once the
     * messages before it in its batch are settled too. If the process dies before that, the message may be delivered
     * again.
     *
     * @throws ClaimLostException if its batch was taken back, or the spool was closed; the message is delivered again
     * @throws IOException if the disk fails; the ack may be tried again
     * @throws IllegalStateException if the message was already acked or has already failed
     */
    public void ack() throws IOException {
        batch.ack(message);
    }

    /**
     * Records that the message failed. It is retried after {@code delivery.retryBackoff}, or becomes a dead letter at
     * {@code delivery.maxAttempts}, with the error in its headers; see {@link ClaimedBatch#fail}.
     *
     * @param error why it failed; not null
     * @throws ClaimLostException if its batch was taken back, or the spool was closed; the message is delivered again
     * @throws IOException if the disk fails; the call may be tried again
     * @throws IllegalStateException if the message was already acked or has already failed
     */
    public void fail(Throwable error) throws IOException {
        batch.fail(message, error);
    }

    /**
     * Does nothing if the message was acked or has failed. Otherwise this is a {@link #fail}; if the claim is lost, the
     * message is delivered again anyway, and that is not an error here.
     *
     * @throws IOException if the disk fails; the call may be tried again
     */
    @Override
    public void close() throws IOException {
        batch.failUnlessSettled(message);
    }
}
