package io.turboqueue.examples.kafka;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by the one process that may empty an out-queue with transactions. Two would each know only what they wrote
 * themselves since they started. The kernel lets go of it when the process dies.
 */
final class OutQueueLock implements Closeable {

    private final FileChannel channel;

    private OutQueueLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws PipelineException if another process has it
     */
    static OutQueueLock take(PipelineSettings settings) throws IOException, PipelineException {
        Files.createDirectories(settings.folder());
        Path file = settings.folder().resolve("out.lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new PipelineException("another process empties the queue " + settings.queue() + ".out in "
                    + settings.spool() + " with transactions (it holds " + file + "): only one may");
        }
        return new OutQueueLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
