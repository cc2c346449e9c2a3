package io.turboqueue.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads what a process writes, line by line. A line's end is {@code \n}, {@code \r} or both. Of a line longer than {@link
 * #MAX} characters the rest is dropped, so that a process that writes no line ends cannot fill this one's memory.
 */
final class LinePump {

    static final int MAX = 8_192;

    private final Consumer<String> sink;
    private final StringBuilder line = new StringBuilder();
    private long dropped;

    private LinePump(Consumer<String> sink) {
        this.sink = sink;
    }

    /** Reads until the stream ends, or its process does. */
    static void run(InputStream stream, Consumer<String> sink) {
        LinePump pump = new LinePump(sink);
        try (Reader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            pump.read(reader);
        } catch (IOException pipeClosed) {
            // the process is gone, and with it the rest of its last line
        }
    }

    private void read(Reader reader) throws IOException {
        boolean afterReturn = false;
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n' && afterReturn) {
                afterReturn = false;
            } else if (c == '\n' || c == '\r') {
                afterReturn = c == '\r';
                end();
            } else {
                afterReturn = false;
                add((char) c);
            }
        }
        if (line.length() > 0) {
            end();
        }
    }

    private void add(char c) {
        if (line.length() < MAX) {
            line.append(c);
        } else {
            dropped++;
        }
    }

    private void end() {
        if (dropped > 0) {
            line.append("... (").append(dropped).append(" more characters)");
        }
        sink.accept(line.toString());
        line.setLength(0);
        dropped = 0;
    }
}
