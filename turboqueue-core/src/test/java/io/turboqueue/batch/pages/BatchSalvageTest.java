package io.turboqueue.batch.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.EngineTestCase;
import io.turboqueue.batch.FirstPage;
import io.turboqueue.batch.StockSqlite;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchSalvageTest {

    @TempDir
    Path folder;

    private final BatchEngine pages = new PagesEngine(new LocalDisk());
    private final BatchEngine jdbc = new JdbcEngine(new LocalDisk());
    private final BatchSalvage salvage = new BatchSalvage(new LocalDisk());

    enum Writer {
        PAGES,
        JDBC
    }

    @AfterEach
    void close() {
        pages.close();
        jdbc.close();
    }

    private EngineTestCase.Sealed write(Writer writer, List<StoredMessage> messages) throws IOException {
        return EngineTestCase.write(writer == Writer.PAGES ? pages : jdbc, folder.resolve("batch"), messages);
    }

    private static List<StoredMessage> many(int count) {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(EngineTestCase.message(i, i % 3 == 0 ? "key" : null, null, "message " + i + "x".repeat(50)));
        }
        return messages;
    }

    private static void cut(Path file, double part) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * part)));
    }

    /** Rows of the leaves that are there whole. */
    private static int rowsInWholeLeaves(byte[] content) {
        ByteBuffer file = ByteBuffer.wrap(content);
        int pageSize = BatchFormat.pageSize(file);
        int rows = 0;
        for (int start = pageSize; start + pageSize <= content.length; start += pageSize) {
            rows += content[start] == FirstPage.LEAF_TYPE ? file.getShort(start + 3) : 0;
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatWasCutOffGivesEveryRowOfItsWholeLeaves(Writer writer) throws IOException {
        List<StoredMessage> messages = many(10_000);
        for (double part : new double[] {0.3, 0.6, 0.9, 0.99}) {
            Files.deleteIfExists(folder.resolve("batch"));
            EngineTestCase.Sealed batch = write(writer, messages);
            cut(batch.file(), part);
            int whole = rowsInWholeLeaves(Files.readAllBytes(batch.file()));

            List<StoredMessage> saved =
                    List.copyOf(salvage.rows(batch.file(), batch.seal()).values());
            assertThat(whole).as("%s of the file", part).isGreaterThan((int) (6_000 * part));
            assertThat(EngineTestCase.rows(saved)).isEqualTo(EngineTestCase.rows(messages.subList(0, whole)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsNameItIsKnownByItsHeader(Writer writer) throws IOException {
        EngineTestCase.Sealed batch = write(writer, many(10_000));
        cut(batch.file(), 0.5);

        assertThat(salvage.rows(batch.file(), null)).hasSizeGreaterThan(4_000);
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsFirstPageItsNameIsEnough(Writer writer) throws IOException {
        List<StoredMessage> messages = many(10_000);
        EngineTestCase.Sealed batch = write(writer, messages);
        byte[] bytes = Files.readAllBytes(batch.file());
        Arrays.fill(bytes, 0, 4096, (byte) 0);
        Files.write(batch.file(), bytes);

        assertThat(EngineTestCase.rows(
                        List.copyOf(salvage.rows(batch.file(), batch.seal()).values())))
                .isEqualTo(EngineTestCase.rows(messages));
        assertThatThrownBy(() -> salvage.rows(batch.file(), null)).isInstanceOf(DamagedBatchException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aLongMessageComesBackIfItsWholeChainIsThere(Writer writer) throws IOException {
        Random random = new Random(5);
        List<StoredMessage> messages = new ArrayList<>(many(200));
        messages.set(50, EngineTestCase.blob(EngineTestCase.randomBytes(random, 100_000)));
        messages.set(100, EngineTestCase.blob(EngineTestCase.randomBytes(random, 100_000)));
        EngineTestCase.Sealed batch = write(writer, messages);
        byte[] bytes = Files.readAllBytes(batch.file());
        int broken = indexOf(bytes, Arrays.copyOfRange(messages.get(100).payload(), 50_000, 50_016));
        Arrays.fill(bytes, broken / 4096 * 4096, broken / 4096 * 4096 + 4, (byte) 0x7f);
        Files.write(batch.file(), Arrays.copyOf(bytes, bytes.length - 4096)); // and without the end

        List<EngineTestCase.Row> saved = EngineTestCase.rows(
                List.copyOf(salvage.rows(batch.file(), batch.seal()).values()));
        assertThat(saved)
                .contains(EngineTestCase.Row.of(messages.get(50)))
                .doesNotContain(EngineTestCase.Row.of(messages.get(100)));
        assertThat(saved).hasSizeGreaterThan(150);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfAnotherProgramThatAreRetriedInABatchOfOursComeBackAsTheyWere(Writer writer) throws IOException {
        StockSqlite.run(
                folder.resolve("foreign"),
                "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload);"
                        + "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)"
                        + " INSERT INTO message SELECT x, NULL, x, x'00', x * 1.5 FROM n;");
        List<StoredMessage> messages = jdbc.read(folder.resolve("foreign"), null);
        EngineTestCase.Sealed batch = write(writer, messages);
        cut(batch.file(), 0.7);

        List<StoredMessage> saved =
                List.copyOf(salvage.rows(batch.file(), batch.seal()).values());
        assertThat(saved).hasSizeGreaterThan(1_000);
        assertThat(EngineTestCase.rows(saved)).isEqualTo(EngineTestCase.rows(messages.subList(0, saved.size())));
    }

    @Test
    void whatLiesBehindTheContentOfAFileThatWasFilledAgainIsNotSaved() throws IOException {
        byte[] former = Files.readAllBytes(write(Writer.PAGES, many(10_000)).file());
        Files.delete(folder.resolve("batch"));
        EngineTestCase.Sealed batch = write(Writer.PAGES, many(100));
        byte[] content = Files.readAllBytes(batch.file());
        System.arraycopy(content, 0, former, 0, content.length);
        former[28] ^= 1; // damage
        Files.write(batch.file(), former);

        assertThat(salvage.rows(batch.file(), batch.seal())).hasSize(100);
    }

    @Test
    void rowsThatAnotherProgramDeletedStayDeleted() throws IOException {
        Path file = folder.resolve("foreign");
        StockSqlite.run(
                file,
                "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload);"
                        + "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)"
                        + " INSERT INTO message SELECT x, x, NULL, NULL, 'payload ' || x FROM n;"
                        + "DELETE FROM message WHERE id > 10;");

        assertThat(salvage.rows(file, null)).hasSize(10);
    }

    @Test
    void aFileOfNothingIsHopeless() throws IOException {
        Path file = Files.write(folder.resolve("zeros"), new byte[100_000]);

        for (@Nullable BatchSeal seal : Arrays.asList(null, new BatchSeal(10, 100_000, 0))) {
            assertThatThrownBy(() -> salvage.rows(file, seal)).isInstanceOf(DamagedBatchException.class);
        }
    }
}
