package io.turboqueue.examples.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The least that a queue of files can do: as many bytes as the pages engine's file of the same batch has are written to a
 * file, it is renamed, renamed again, read and unlinked. Nobody looks at the bytes.
 */
final class FloorSubject implements Subject {

    private static final int CHUNK = 256 << 10;

    private final Path folder;
    private final boolean overwrites;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private @Nullable Workload measured;
    private long fileBytes;

    FloorSubject(Path folder, boolean overwrites) {
        this.folder = folder;
        this.overwrites = overwrites;
    }

    @Override
    public void prepare(Workload workload) throws IOException {
        if (!workload.equals(measured)) {
            fileBytes = EngineSubject.fileBytes(folder.resolve("measured"), workload);
            forgetFiles();
            measured = workload;
        }
    }

    /** Files of another workload have another length. */
    private void forgetFiles() throws IOException {
        for (int i = 0; Files.deleteIfExists(path("free", i)); i++) {
            // until there is none
        }
    }

    @Override
    public void write(Workload workload, byte[][] payloads) throws IOException {
        for (int i = 0; i < workload.backlog(); i++) {
            Path loading = path("free", i);
            try (FileChannel channel = open(loading)) {
                for (long left = fileBytes; left > 0; ) {
                    chunk.clear().limit((int) Math.min(CHUNK, left));
                    left -= channel.write(chunk);
                }
            }
            Files.move(loading, path("ready", i), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private FileChannel open(Path file) throws IOException {
        return overwrites
                ? FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                : FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public long read(Workload workload) throws IOException {
        for (int i = 0; i < workload.backlog(); i++) {
            Path claimed = path("claimed", i);
            Files.move(path("ready", i), claimed, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(claimed, StandardOpenOption.READ)) {
                do {
                    chunk.clear();
                } while (channel.read(chunk) >= 0);
            }
            if (overwrites) {
                Files.move(claimed, path("free", i), StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.delete(claimed);
            }
        }
        return workload.cycleBytes();
    }

    private Path path(String state, int number) {
        return folder.resolve(state + number);
    }
}
