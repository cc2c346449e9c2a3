package io.turboqueue.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Writes the golden files again, for a new format version; see the README beside them. Never runs by itself. */
@EnabledIfSystemProperty(named = GoldenBatchGenerator.FOLDER, matches = ".+")
class GoldenBatchGenerator {

    static final String FOLDER = "golden.folder";

    @Test
    void writeFiles() throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty(FOLDER)));
        try (BatchEngine engine = new JdbcEngine(new LocalDisk())) {
            for (GoldenBatch golden : GoldenBatch.VERSION_1) {
                Path file = folder.resolve("loading");
                String seal = golden.seal().isEmpty() ? byHand(file) : write(engine, file, golden);
                Files.move(file, folder.resolve(golden.start() + seal + golden.end()));
            }
        }
        assertThat(folder).isNotEmptyDirectory();
    }

    private static String byHand(Path file) throws IOException {
        StockSqlite.run(file, GoldenBatch.BY_HAND);
        return "";
    }

    private static String write(BatchEngine engine, Path file, GoldenBatch golden) throws IOException {
        Path kept = file.resolveSibling("sealed");
        try (BatchWriter writer = engine.writer(kept)) {
            for (StoredMessage message : golden.messages()) {
                writer.add(message);
            }
            BatchSeal seal = writer.seal(false);
            Files.move(kept, file);
            return String.format(".n%d.b%d.c%08x", seal.rows(), seal.bytes(), seal.crc32());
        }
    }
}
