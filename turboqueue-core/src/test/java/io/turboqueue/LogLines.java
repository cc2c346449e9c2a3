package io.turboqueue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** What is logged while this is open, by this JVM. One at a time. */
public final class LogLines implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private LogLines() {}

    /** From now on. */
    public static LogLines start() {
        LogLines lines = new LogLines();
        System.setErr(new PrintStream(lines.bytes, true, UTF_8));
        return lines;
    }

    /** The lines so far that hold this text. */
    public List<String> with(String text) {
        return bytes.toString(UTF_8).lines().filter(line -> line.contains(text)).toList();
    }

    @Override
    public void close() {
        System.setErr(before);
        before.print(bytes.toString(UTF_8));
    }
}
