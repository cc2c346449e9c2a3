package io.turboqueue;

/**
 * Does the work for one message; see {@link TurboQueue#work}.
 *
 * @param <T> the payload's type
 */
@FunctionalInterface
public interface MessageHandler<T> {

    /**
     * Handles a message. Called by several threads at once.
     *
     * @throws Exception if it failed; the message alone is then retried, or dead-lettered at its attempt limit
     */
    void handle(Message<T> message) throws Exception;
}
