package io.turboqueue.cli.support;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a verb runs in; tests give their own.
 *
 * @param streams input and output
 * @param terminal which of them are terminals
 * @param environment the environment's variables
 * @param folder the current folder
 * @param clock the wall clock
 */
public record CommandContext(
        Streams streams, Terminal terminal, Map<String, String> environment, Path folder, InstantSource clock) {

    /** The results, for text that picocli prints. */
    public PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(streams.out(), StandardCharsets.UTF_8), true);
    }

    /** The complaints. */
    public PrintWriter errWriter() {
        return new PrintWriter(new OutputStreamWriter(streams.err(), StandardCharsets.UTF_8), true);
    }
}
