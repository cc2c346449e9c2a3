package io.turboqueue.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes and reads batch files. Thread-safe; the writers it makes are not. */
public interface BatchEngine extends AutoCloseable {

    /**
     * A writer for a file that does not exist yet. It creates the file no later than {@link BatchWriter#seal}, and takes next
     * to no memory until its first message.
     */
    BatchWriter writer(Path file);

    /**
     * All messages of a batch, in order, checked against the seal before this returns. The list cannot be changed and is
     * safe to share. It may make a message anew at each call, so messages are told apart by their place in it.
     *
     * @param seal what the file must hold; null for a file from another program, which is counted instead
     * @throws DamagedBatchException if the file is at fault
     * @throws NewerFormatException if a later release wrote it
     * @throws IOException if the disk is at fault
     */
    List<StoredMessage> read(Path file, @Nullable BatchSeal seal) throws IOException;

    /** Gives up what the engine holds. Writers and reads under way fail. */
    @Override
    void close();
}
