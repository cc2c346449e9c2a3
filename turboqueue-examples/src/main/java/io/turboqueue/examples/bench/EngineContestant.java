package io.turboqueue.examples.bench;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.PagesEngine;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.io.Disk;
import io.turboqueue.io.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** An engine without the queue around it: files are created, sealed, read and unlinked, but never renamed. */
final class EngineContestant implements Contestant {

    private static final long TIME = 1_000_000_000_000L;

    private final BatchEngine engine;
    private final Path folder;
    private final Disk disk = new LocalDisk();
    private final Deque<BatchSeal> seals = new ArrayDeque<>();

    EngineContestant(BatchEngine engine, Path folder) {
        this.engine = engine;
        this.folder = folder;
    }

    /** How long a batch's file is that the pages engine writes. */
    static long fileBytes(Path file, Workload workload) throws IOException {
        try (BatchEngine engine = new PagesEngine(new LocalDisk())) {
            writeOne(engine, file, workload, workload.payloads());
            return Files.size(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static BatchSeal writeOne(BatchEngine engine, Path file, Workload workload, byte[][] payloads)
            throws IOException {
        try (BatchWriter writer = engine.writer(file)) {
            for (int row = 0; row < workload.rows(); row++) {
                writer.add(new StoredMessage(TIME + row, null, null, payloads[row % payloads.length], false));
            }
            BatchSeal seal = writer.seal(false);
            writer.published();
            return seal;
        }
    }

    @Override
    public void write(Workload workload, byte[][] payloads) throws IOException {
        for (int i = 0; i < workload.backlog(); i++) {
            seals.add(writeOne(engine, file(i), workload, payloads));
        }
    }

    @Override
    public long read(Workload workload) throws IOException {
        long bytes = 0;
        for (int i = 0; i < workload.backlog(); i++) {
            for (StoredMessage message : engine.read(file(i), seals.remove())) {
                bytes += message.payload().length;
            }
            disk.unlink(file(i));
        }
        return bytes;
    }

    private Path file(int number) {
        return folder.resolve("batch-" + number);
    }

    @Override
    public void close() {
        engine.close();
    }
}
