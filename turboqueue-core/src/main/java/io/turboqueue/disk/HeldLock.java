package io.turboqueue.disk;

import java.io.Closeable;
import java.io.IOException;

/** The lock that this process holds on a file, until it closes it or dies. Thread-safe. */
public interface HeldLock extends Closeable {

    /**
     * Locks the file once more. The kernel drops a process's lock as soon as that process closes any descriptor of the file
     * ({@code fcntl(2)}), and does not say so; after this the lock is held, whether or not it was dropped before.
     *
     * @return false if another process has the file locked at this moment
     * @throws IOException if the lock cannot be renewed; it is lost then
     */
    boolean renew() throws IOException;
}
