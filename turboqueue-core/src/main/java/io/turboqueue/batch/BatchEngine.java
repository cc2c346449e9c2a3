package io.turboqueue.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes and reads batch files. Thread-safe; the writers it makes are not. */
public interface BatchEngine extends AutoCloseable {

    /**
     * A writer for a new file. It creates the file no later than {@link BatchWriter#seal}, and takes next to no memory until
     * its first message. A file of that name is replaced: names are unique, so it can only be this writer's own, left over
     * when its directory was moved.
     */
    default BatchWriter writer(Path file) {
        return writer(file, Blanks.NONE);
    }

    /** The same, perhaps filling an emptied file instead of creating one. */
    default BatchWriter writer(Path file, Blanks blanks) {
        return writer(() -> file, blanks);
    }

    /**
     * The same where the file's path may change: somebody may have renamed it, and a new file is made at the path of the time.
     */
    BatchWriter writer(Supplier<Path> file, Blanks blanks);

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

    /** The same for whoever just looks: a batch may take half of the heap. */
    default StoredMessages read(Path file, @Nullable BatchSeal seal) throws IOException {
        return read(file, seal, Runtime.getRuntime().maxMemory() / 2);
    }

    /**
     * All messages of a batch, in order, checked against the seal before this returns. It may make a message again at each
     * call, so messages are distinguished by their place in it.
     *
     * @param seal what the file must hold; null for a file from another program, which is counted instead
     * @param mostMemory about how many bytes of memory the messages may take. A batch with a seal that takes more is left;
     *     a file without one that takes more is damage, as is one of more than four times as many bytes
     * @throws DamagedBatchException if the file is at fault
     * @throws UnsupportedBatchException if another process may read it: a later release wrote it, or it takes more memory
     * @throws IOException if the disk is at fault
     */
    StoredMessages read(Path file, @Nullable BatchSeal seal, long mostMemory) throws IOException;

    /** Gives up what the engine holds. Writers and reads under way fail. */
    @Override
    void close();
}
