package io.turboqueue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of lines, each written by one call, so that a killed process has written it or not. */
final class LedgerFile implements AutoCloseable {

    private final FileChannel channel;

    private LedgerFile(FileChannel channel) {
        this.channel = channel;
    }

    static LedgerFile open(Path file) throws IOException {
        return new LedgerFile(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    void write(String... words) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
        if (channel.write(line) != line.limit() || line.hasRemaining()) {
            throw new IOException("a ledger's line was not written at once");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
