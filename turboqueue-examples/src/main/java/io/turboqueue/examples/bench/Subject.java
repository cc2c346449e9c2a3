package io.turboqueue.examples.bench;

import java.io.IOException;

/**
 * Something messages go through. {@link #write} and {@link #read} are called in turn, by one thread, and each is timed; what
 * is not part of either goes into {@link #prepare}.
 */
interface Subject extends AutoCloseable {

    /** Called before each write, untimed. */
    default void prepare(Workload workload) throws Exception {}

    /** Writes the messages of one cycle, so that another process could read them when this returns. */
    void write(Workload workload, byte[][] payloads) throws Exception;

    /** Reads the messages of one cycle, takes every payload, and removes them. Returns the payloads' bytes. */
    long read(Workload workload) throws Exception;

    @Override
    default void close() throws IOException {}
}
