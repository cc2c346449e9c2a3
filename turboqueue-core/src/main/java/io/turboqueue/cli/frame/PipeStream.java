package io.turboqueue.cli.frame;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Tells a reader that went away from a disk that is full. */
public final class PipeStream extends FilterOutputStream {

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
        try {
            out.write(bytes, offset, length);
        } catch (IOException failed) {
            throw String.valueOf(failed.getMessage()).contains("Broken pipe")
                    ? new ClosedPipeException(failed)
                    : new IOException("the output cannot be written: " + failed.getMessage(), failed);
        }
    }
}
