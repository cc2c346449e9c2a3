package io.turboqueue;

import java.io.IOException;

/**
 * The queue holds as many ready batches or bytes as its settings allow. The message was not accepted; messages sent
 * before it are still buffered.
 */
public final class QueueFullException extends IOException {
    private static final long serialVersionUID = 1L;

    QueueFullException(String message) {
        super(message);
    }
}
