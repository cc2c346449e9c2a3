package io.turboqueue.examples.torture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A ledger being written, a line by a single {@code write}: whatever happens to the process, it is there whole or not at all. */
final class HistoryFile implements Closeable {

    /** The ending of ledgers. */
    static final String SUFFIX = ".ledger";

    private final FileChannel channel;

    private HistoryFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens a ledger to append to it. */
    static HistoryFile open(Path file) throws IOException {
        return new HistoryFile(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** Appends a line. Thread-safe. */
    void write(Entry entry, Object... words) throws IOException {
        StringBuilder text = new StringBuilder(80).append(entry).append(' ').append(System.nanoTime());
        for (Object word : words) {
            text.append(' ').append(word.toString().replace('\n', ' '));
        }
        ByteBuffer line = ByteBuffer.wrap(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        int length = line.remaining();
        if (channel.write(line) != length) {
            throw new IOException("a ledger's line was not written at once: " + text);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
