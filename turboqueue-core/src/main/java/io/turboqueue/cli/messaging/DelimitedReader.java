package io.turboqueue.cli.messaging;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into pieces that end with a certain byte; the last one may lack it. Not thread-safe. */
final class DelimitedReader {

    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final byte end;
    private byte[] buffer = new byte[CHUNK];
    private int from;
    private int to;

    DelimitedReader(InputStream in, int end) {
        this.in = in;
        this.end = (byte) end;
    }

    /** The next piece without its end; null after the last. */
    byte @Nullable [] next() throws IOException {
        int searched = from;
        while (true) {
            for (int i = searched; i < to; i++) {
                if (buffer[i] == end) {
                    byte[] piece = Arrays.copyOfRange(buffer, from, i);
                    from = i + 1;
                    return piece;
                }
            }
            searched = to;
            int start = from;
            if (!fill()) {
                return rest();
            }
            searched -= start - from; // what was kept moved to the front
        }
    }

    private byte @Nullable [] rest() {
        byte[] rest = from == to ? null : Arrays.copyOfRange(buffer, from, to);
        from = to;
        return rest;
    }

    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.multiplyExact(2, buffer.length));
        }
        int read = in.read(buffer, to, buffer.length - to);
        if (read > 0) {
            to += read;
        }
        return read >= 0;
    }
}
