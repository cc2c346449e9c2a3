package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.disk.Disk;
import io.turboqueue.layout.BatchName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Files of earlier releases are read for ever: their names, every field, by every engine and by any SQLite. */
abstract class GoldenBatchContract extends EngineTestCase {

    static final List<GoldenBatch> FILES = GoldenBatch.VERSION_1;

    GoldenBatchContract(Function<Disk, BatchEngine> opening) {
        super(opening);
    }

    private static @Nullable BatchSeal seal(GoldenBatch golden) {
        BatchName.Contents contents =
                BatchName.parse(golden.name()).orElseThrow().contents();
        return contents == null ? null : new BatchSeal(contents.rows(), contents.bytes(), contents.crc32());
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("FILES")
    void everyFieldOfEveryMessageIsRead(GoldenBatch golden) throws IOException {
        List<StoredMessage> found = engine().read(golden.file(), seal(golden));

        assertThat(rows(found)).isEqualTo(rows(golden.messages()));
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("FILES")
    void anySqliteGivesTheSameRows(GoldenBatch golden) throws IOException {
        Path copy = Files.copy(golden.file(), folder.resolve("copy"));

        assertThat(StockSqlite.query(copy, "PRAGMA integrity_check")).isEqualTo("ok");
        String found = StockSqlite.query(
                copy,
                "SELECT ifnull(time, 0), hex(key), hex(headers),"
                        + " CASE typeof(payload) WHEN 'blob' THEN 'blob' ELSE 'text' END, hex(payload)"
                        + " FROM message ORDER BY id");
        assertThat(found)
                .isEqualTo(golden.messages().stream()
                        .map(GoldenBatchContract::line)
                        .collect(Collectors.joining("\n")));
    }

    private static String line(StoredMessage message) {
        return String.join(
                "|",
                Long.toString(message.timeMillis()),
                hex(message.key()),
                hex(message.headers()),
                message.text() ? "text" : "blob",
                HexFormat.of().withUpperCase().formatHex(message.payload()));
    }

    private static String hex(@Nullable String text) {
        return HexFormat.of()
                .withUpperCase()
                .formatHex(Objects.requireNonNullElse(text, "").getBytes(UTF_8));
    }

    @Test
    void namesTellWhatTheyToldBefore() {
        BatchName first = BatchName.parse(FILES.get(0).name()).orElseThrow();
        assertThat(first.priority()).isEqualTo(5);
        assertThat(first.due()).isEqualTo("2026-11-21T15:58:01.123Z");
        assertThat(first.id()).isEqualTo("x9k2m4q7d3w5a-00000000");
        assertThat(first.attempt()).isZero();
        assertThat(first.offset()).isZero();
        assertThat(first.messages()).isEqualTo(5);
        assertThat(first.bytes()).isEqualTo(8192);

        BatchName many = BatchName.parse(FILES.get(3).name()).orElseThrow();
        assertThat(many.priority()).isZero();
        assertThat(many.attempt()).isEqualTo(2);
        assertThat(many.offset()).isEqualTo(7);
        assertThat(many.messages()).isEqualTo(493);

        BatchName byHand = BatchName.parse(FILES.get(4).name()).orElseThrow();
        assertThat(byHand.contents()).isNull();
        assertThat(byHand.id()).isEqualTo("by-hand");
    }

    @Test
    void noFileWasForgotten() throws IOException {
        Path kept = Objects.requireNonNull(FILES.get(0).file().getParent());

        assertThat(namesIn(kept))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of("README.md"), FILES.stream().map(GoldenBatch::name))
                                .toList());
    }
}
