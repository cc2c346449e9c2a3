package io.turboqueue.batch;

import java.io.IOException;

/** The batch is whole, but not for this process: another may read it, so it is left where it is. */
public abstract sealed class UnsupportedBatchException extends IOException
        permits NewerFormatException, BatchTooLargeException {
    private static final long serialVersionUID = 1L;

    UnsupportedBatchException(String message) {
        super(message);
    }
}
