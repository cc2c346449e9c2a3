package io.turboqueue;

import java.io.IOException;

/**
 * This consumer no longer owns the claim: the batch was taken back after {@code delivery.maxProcessingTime}, the owner
 * directory of this process was recovered, or the spool was closed. The batch is delivered again, so work that was done
 * for it may be done twice.
 */
public final class ClaimLostException extends IOException {
    private static final long serialVersionUID = 1L;

    /** If the spool was closed before. */
    static ClaimLostException spoolClosed(String batch) {
        return new ClaimLostException("the spool was closed before batch " + batch
                + " was settled, so the batch went back to its queue and is delivered again");
    }

    static ClaimLostException takenBack(String batch) {
        return new ClaimLostException(
                "the claim on batch " + batch + " is lost: it was taken back, and is delivered again");
    }

    private ClaimLostException(String message) {
        super(message);
    }
}
