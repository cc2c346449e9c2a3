package io.turboqueue.examples.bench;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Messages a second that an engine writes and reads with one thread: 100-byte messages, batches of 10,000. */
final class EngineBench {

    private static final int BYTES = 100;
    private static final int ROWS = 10_000;
    private static final int BATCHES = 20;
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 5;

    private final String name;
    private final BatchEngine engine;
    private final Path folder;
    private final List<StoredMessage> messages = new ArrayList<>();

    EngineBench(String name, BatchEngine engine, Path folder) {
        this.name = name;
        this.engine = engine;
        this.folder = folder;
        Random random = new Random(1);
        for (int i = 0; i < ROWS; i++) {
            byte[] payload = new byte[BYTES];
            random.nextBytes(payload);
            messages.add(new StoredMessage(1_000_000_000_000L + i, null, null, payload, false));
        }
    }

    void run() throws IOException {
        List<Double> written = new ArrayList<>();
        List<Double> read = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            long writing = 0;
            long reading = 0;
            for (int i = 0; i < BATCHES; i++) {
                Path file = folder.resolve("batch-" + i);
                try (BatchWriter writer = engine.writer(file)) {
                    long start = System.nanoTime();
                    BatchSeal seal = write(writer);
                    long middle = System.nanoTime();
                    require(payloadBytes(engine.read(file, seal)) == (long) ROWS * BYTES);
                    reading += System.nanoTime() - middle;
                    writing += middle - start;
                }
            }
            if (round >= WARM_UP) {
                written.add(1e3 * ROWS * BATCHES / writing);
                read.add(1e3 * ROWS * BATCHES / reading);
            }
        }
        Bench.print(
                "%s engine, 100 B, batches of 10,000, one thread, create and unlink included (median of %d rounds):",
                name, ROUNDS - WARM_UP);
        Bench.print("  write %s million messages/s", spread(written));
        Bench.print("  read  %s million messages/s, rows, bytes and CRC checked, every payload taken", spread(read));
    }

    private static long payloadBytes(List<StoredMessage> messages) {
        long bytes = 0;
        for (StoredMessage message : messages) {
            bytes += message.payload().length;
        }
        return bytes;
    }

    private BatchSeal write(BatchWriter writer) throws IOException {
        for (StoredMessage message : messages) {
            writer.add(message);
        }
        return writer.seal(false);
    }

    private static String spread(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format(
                Locale.ROOT, "%.2f (%.2f to %.2f)", sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("the engine did not give back what was written");
        }
    }
}
