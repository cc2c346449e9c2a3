package io.turboqueue.cli.support;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * What a verb reads and writes.
 *
 * @param in messages to send
 * @param out results; buffered, flushed at the end
 * @param err complaints and progress
 */
public record Streams(InputStream in, OutputStream out, PrintStream err) {}
