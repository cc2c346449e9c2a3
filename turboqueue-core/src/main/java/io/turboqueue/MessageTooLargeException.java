package io.turboqueue;

/**
 * A message is larger than {@code batch.maxBytes} allows, or larger than a batch file can hold. It was not accepted.
 */
public final class MessageTooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MessageTooLargeException(String message) {
        super(message);
    }
}
