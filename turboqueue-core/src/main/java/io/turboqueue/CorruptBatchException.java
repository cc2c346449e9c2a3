package io.turboqueue;

import java.io.IOException;

/**
 * A batch file is damaged; see {@link QueueInspector#peek} and {@link QueueAdmin#salvage}. Consumers never throw this:
 * they set such a file aside in {@code dead/} and continue with the next one.
 */
public final class CorruptBatchException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptBatchException(String batch, IOException cause) {
        super("batch " + batch + " is damaged: " + cause.getMessage(), cause);
    }
}
