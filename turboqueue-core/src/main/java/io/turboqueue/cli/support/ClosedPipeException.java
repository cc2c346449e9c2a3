package io.turboqueue.cli.support;

import java.io.IOException;

/** Who reads the output has had enough: {@code turboqueue cat flights | head}. No fault. */
public final class ClosedPipeException extends IOException {
    private static final long serialVersionUID = 1L;

    ClosedPipeException(IOException cause) {
        super("the output was closed", cause);
    }
}
