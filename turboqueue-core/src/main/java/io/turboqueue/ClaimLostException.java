package io.turboqueue;

import java.io.IOException;

/**
 * The claim is no longer this consumer's: its batch was taken back after {@code delivery.maxProcessingTime}, or its desk
 * was cleared. The batch is, or will be, delivered again; what was done for it may be done twice.
 */
public final class ClaimLostException extends IOException {
    private static final long serialVersionUID = 1L;

    ClaimLostException(String batch) {
        super("the claim on batch " + batch + " is lost: it was taken back, and is delivered again");
    }
}
