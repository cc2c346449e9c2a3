package io.turboqueue.examples.kafka;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A lock in the pipeline's folder that one process has at a time. The kernel lets go of it when the process dies. */
final class PipelineLock implements Closeable {

    private final FileChannel channel;

    private PipelineLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * For the process that supervises the pipeline. A second one would overwrite the settings of the first.
     *
     * @throws PipelineException if another process has it
     */
    static PipelineLock supervisor(PipelineSettings settings) throws IOException, PipelineException {
        return take(
                settings,
                "supervisor.lock",
                "pipeline \"" + settings.queue() + "\" in spool " + settings.spool()
                        + " runs already: stop it first, or give this one another queue.name or queue.spool");
    }

    /**
     * For the process that empties the out-queue with transactions. Two would each know only what they wrote themselves
     * since they started.
     *
     * @throws PipelineException if another process has it
     */
    static PipelineLock outQueue(PipelineSettings settings) throws IOException, PipelineException {
        return take(
                settings,
                "out.lock",
                "another process empties the queue " + settings.queue() + ".out in " + settings.spool()
                        + " with transactions: only one may");
    }

    private static PipelineLock take(PipelineSettings settings, String name, String taken)
            throws IOException, PipelineException {
        Files.createDirectories(settings.folder());
        Path file = settings.folder().resolve(name);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(channel) == null) {
            channel.close();
            throw new PipelineException(taken);
        }
        return new PipelineLock(channel);
    }

    /** Null if another process, or another part of this one, has it. */
    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
