package io.turboqueue.simulator;

import java.io.IOException;

/** What a broken or full disk says. Without a stack trace, since there are many. */
final class FaultException extends IOException {
    private static final long serialVersionUID = 1L;

    FaultException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
