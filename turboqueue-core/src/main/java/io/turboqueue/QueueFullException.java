package io.turboqueue;

import java.io.IOException;

/** The queue has as many ready batches or bytes as it may. The message was not accepted; those before it are still buffered. */
public final class QueueFullException extends IOException {
    private static final long serialVersionUID = 1L;

    QueueFullException(String message) {
        super(message);
    }
}
