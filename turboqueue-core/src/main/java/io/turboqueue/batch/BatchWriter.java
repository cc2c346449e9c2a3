package io.turboqueue.batch;

import java.io.Closeable;
import java.io.IOException;

/**
 * Fills one batch file. Not thread-safe.
 *
 * <p>Messages added are kept until {@link #close}: a {@link #seal} that failed removes the file, and whether it failed or
 * not, the messages can be sealed again into the same path.
 */
public interface BatchWriter extends Closeable {

    /** Takes a message. */
    void add(StoredMessage message) throws IOException;

    /** Messages added. */
    int rows();

    /** Sum of the messages' {@linkplain StoredMessage#weight weights}. */
    long weight();

    /**
     * Makes the file whole and closes it.
     *
     * @param sync whether its bytes must survive power loss
     * @throws IOException if that failed; the file is removed then, and a failed sync counts as not written
     */
    BatchSeal seal(boolean sync) throws IOException;

    /** The sealed file was renamed away: it is no longer this writer's to remove. */
    void published();

    /** Lets the messages go, and removes the file unless it was published. */
    @Override
    void close() throws IOException;
}
