package io.turboqueue.cli.support;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Tells a reader that went away from a disk that is full. After either, the rest is dropped without another word. */
public final class PipeStream extends FilterOutputStream {

    private boolean failed;

    /** In front of the process's output. */
    public PipeStream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (failed) {
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException failure) {
            failed = true;
            throw String.valueOf(failure.getMessage()).contains("Broken pipe")
                    ? new ClosedPipeException(failure)
                    : new IOException("the output cannot be written: " + failure.getMessage(), failure);
        }
    }
}
