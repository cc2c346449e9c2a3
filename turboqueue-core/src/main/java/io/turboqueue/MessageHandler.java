package io.turboqueue;

/**
 * Does the work for one message; see {@link TurboQueue#work}.
 *
 * @param <T> the payload's type
 */
@FunctionalInterface
public interface MessageHandler<T> {

    /**
     * Handles one message. Several threads call this at the same time, so it must be thread-safe.
     *
     * @param message the message; never null, and may be kept after this returns
     * @throws Exception if the message failed; it alone is retried, or becomes a dead letter at its attempt limit
     */
    void handle(Message<T> message) throws Exception;
}
