package io.turboqueue.examples.torture;

import java.io.IOException;

/** What a process does again and again until it is asked to end. */
interface Job extends AutoCloseable {

    /** Does a small piece of it. */
    void runOnce() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
