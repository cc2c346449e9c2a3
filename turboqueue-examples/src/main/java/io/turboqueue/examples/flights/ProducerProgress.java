package io.turboqueue.examples.flights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * How far a producer has come, in a file that outlives it: the number of each chunk it has published, one a line. A
 * line is written after the chunk is published and in one piece, so after kill -9 at most one published chunk is not in
 * the file and is sent again. A last line without its end is as if it were not there.
 */
final class ProducerProgress implements AutoCloseable {

    private final FileChannel file;
    private final OptionalLong last;

    private ProducerProgress(FileChannel file, OptionalLong last) {
        this.file = file;
        this.last = last;
    }

    /** Opens the file, or begins a new one. */
    static ProducerProgress open(Path path) throws IOException {
        String lines = Files.exists(path) ? Files.readString(path) : "";
        int whole = lines.lastIndexOf('\n') + 1;
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.truncate(whole);
        file.position(whole);
        return new ProducerProgress(file, lastOf(lines.substring(0, whole)));
    }

    /** The last chunk that had been published when the file was opened. */
    OptionalLong last() {
        return last;
    }

    void published(long chunk) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((chunk + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            file.write(line);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static OptionalLong lastOf(String lines) {
        return lines.lines().mapToLong(Long::parseLong).reduce((before, after) -> after);
    }
}
