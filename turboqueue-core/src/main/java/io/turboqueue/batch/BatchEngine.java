package io.turboqueue.batch;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes and reads batch files. Thread-safe; the writers it makes are not. */
public interface BatchEngine extends AutoCloseable {

    /**
     * A writer for a file that does not exist yet. It creates the file no later than {@link BatchWriter#seal}, and takes next
     * to no memory until its first message.
     */
    default BatchWriter writer(Path file) {
        return writer(file, Blanks.NONE);
    }

    /** The same, perhaps filling an emptied file instead of creating one. */
    BatchWriter writer(Path file, Blanks blanks);

    /** Where emptied files come from. Thread-safe. */
    interface Blanks {
        /** There are none. */
        Blanks NONE = file -> false;

        /**
         * Puts an emptied file there, whose content is anything.
         *
         * @return false if there is none, so that a file must be created
         */
        boolean put(Path file) throws IOException;
    }

    /**
     * All messages of a batch, in order, checked against the seal before this returns. It may make a message anew at each
     * call, so messages are told apart by their place in it.
     *
     * @param seal what the file must hold; null for a file from another program, which is counted instead
     * @throws DamagedBatchException if the file is at fault
     * @throws NewerFormatException if a later release wrote it
     * @throws IOException if the disk is at fault
     */
    StoredMessages read(Path file, @Nullable BatchSeal seal) throws IOException;

    /** Gives up what the engine holds. Writers and reads under way fail. */
    @Override
    void close();
}
