package io.turboqueue.examples.bench;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An engine without the queue around it: files are created, sealed, read and unlinked. They are never renamed, unless they
 * are kept and filled again.
 */
final class EngineSubject implements Subject {

    private static final long TIME = 1_000_000_000_000L;

    private final BatchEngine engine;
    private final Path folder;
    private final boolean reuses;
    private final Disk disk = new LocalDisk();
    private final Deque<BatchSeal> seals = new ArrayDeque<>();
    private final Deque<Path> free = new ArrayDeque<>();

    EngineSubject(BatchEngine engine, Path folder, boolean reuses) {
        this.engine = engine;
        this.folder = folder;
        this.reuses = reuses;
    }

    /** How long a batch's file is that the pages engine writes. */
    static long fileBytes(Path file, Workload workload) throws IOException {
        try (BatchEngine engine = new PagesEngine(new LocalDisk())) {
            writeOne(engine.writer(file), workload, workload.payloads());
            return Files.size(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static BatchSeal writeOne(BatchWriter opened, Workload workload, byte[][] payloads) throws IOException {
        try (BatchWriter writer = opened) {
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
            seals.add(writeOne(engine.writer(file(i), this::takeFree), workload, payloads));
        }
    }

    @Override
    public long read(Workload workload) throws IOException {
        long bytes = 0;
        for (int i = 0; i < workload.backlog(); i++) {
            for (StoredMessage message : engine.read(file(i), seals.remove())) {
                bytes += message.payload().length;
            }
            done(i);
        }
        return bytes;
    }

    private void done(int number) throws IOException {
        if (reuses) {
            Path kept = folder.resolve("free-" + number);
            disk.rename(file(number), kept);
            free.add(kept);
        } else {
            disk.unlink(file(number));
        }
    }

    private boolean takeFree(Path file) throws IOException {
        return !free.isEmpty() && disk.rename(free.removeLast(), file);
    }

    private Path file(int number) {
        return folder.resolve("batch-" + number);
    }

    @Override
    public void close() {
        engine.close();
    }
}
