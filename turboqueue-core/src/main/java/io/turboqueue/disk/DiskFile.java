package io.turboqueue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Not thread-safe. */
public interface DiskFile extends Closeable {

    /** Reads up to {@code target.remaining()} bytes from {@code position}; returns how many, -1 at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Writes up to {@code source.remaining()} bytes at {@code position}; returns how many. Only a file that was created or
     * opened to write takes them. If it fails, bytes there may have been changed.
     */
    int write(ByteBuffer source, long position) throws IOException;

    /** The file's length in bytes. */
    long size() throws IOException;

    /**
     * Makes the file's bytes survive power loss ({@code fsync}). After a failure the kernel may have dropped the bytes
     * and report success the next time, so a file whose sync failed must be given up.
     */
    void sync() throws IOException;
}
