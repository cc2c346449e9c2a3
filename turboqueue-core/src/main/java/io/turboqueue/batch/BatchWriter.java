package io.turboqueue.batch;

import java.io.Closeable;
import java.io.IOException;

/**
 * Fills one batch file. Not thread-safe.
 *
 * <p>No failure loses a message that was added: whatever failed can be tried again, after a {@link #seal} too, whether that
 * failed or the file could not be published. Until then an engine keeps messages in memory or in the file, under the path
 * or, should that name be lost, in the file that it still has open. Only when the disk itself lost what was written to it
 * are messages lost; every further call says so.
 *
 * <p>A thread's interrupt loses nothing either, and stays set.
 */
public interface BatchWriter extends Closeable {

    /**
     * Takes a message. May create the file and write to it.
     *
     * @throws IOException if the message was not taken; the writer is as it was before
     */
    void add(StoredMessage message) throws IOException;

    /** Messages added. */
    int rows();

    /** Sum of the messages' {@linkplain StoredMessage#weight weights}. */
    long weight();

    /**
     * Makes the file whole. It can be renamed then; messages may still be added, for it to be sealed again.
     *
     * @param sync whether its bytes must survive power loss
     * @throws IOException if that failed. The file is removed unless it holds messages that are nowhere else, and is not
     *     whole then. A failed sync counts as not written: what it was for is never synced again, but written to a new file
     */
    BatchSeal seal(boolean sync) throws IOException;

    /** The sealed file was renamed away for good: it is no longer this writer's to remove. */
    void published();

    /** Lets the messages go, and removes the file unless it was published. */
    @Override
    void close() throws IOException;
}
