package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.batch.pages.BufferPool;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.batch.pages.TablePages;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one engine writes the other reads, and SQLite finds nothing wrong with it. */
@Timeout(600)
class EnginesReadEachOtherTest {

    @TempDir
    Path folder;

    private final BatchEngine pages = new PagesEngine(new LocalDisk());
    private final BatchEngine jdbc = new JdbcEngine(new LocalDisk());

    @AfterEach
    void close() {
        pages.close();
        jdbc.close();
    }

    private void assertReadByBoth(String what, List<StoredMessage> messages) throws IOException {
        List<EngineTestCase.Row> rows = EngineTestCase.rows(messages);
        for (BatchEngine writer : List.of(pages, jdbc)) {
            EngineTestCase.Sealed batch = EngineTestCase.write(writer, folder.resolve("batch"), messages);
            String by = what + ", written by " + writer.getClass().getSimpleName();
            assertThat(EngineTestCase.rows(pages.read(batch.file(), batch.seal()))
                            .equals(rows))
                    .as(by)
                    .isTrue();
            assertThat(EngineTestCase.rows(jdbc.read(batch.file(), batch.seal()))
                            .equals(rows))
                    .as(by)
                    .isTrue();
            assertThat(StockSqlite.query(batch.file(), "PRAGMA integrity_check"))
                    .as(by)
                    .isEqualTo("ok");
            Files.delete(batch.file());
        }
    }

    @Test
    void randomBatches() throws IOException {
        randomBatches(40);
    }

    @Test
    @Tag("long")
    void thousandsOfRandomBatches() throws IOException {
        randomBatches(3000);
    }

    private void randomBatches(int count) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            assertReadByBoth("seed " + seed + ", batch " + i, randomBatch(random));
        }
    }

    /** Some 100 KB: many short messages, or a few long ones. */
    private static List<StoredMessage> randomBatch(Random random) {
        int typical = 1 << random.nextInt(16);
        int count = random.nextInt(Math.max(4, Math.min(4000, 200_000 / typical)));
        int kinds = random.nextInt(8);
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean text = (kinds & 1) == 0 || random.nextBoolean();
            String payload = randomText(random, random.nextInt(2 * typical));
            messages.add(new StoredMessage(
                    randomTime(random),
                    (kinds & 2) == 0 ? null : randomTextOrNull(random, 60),
                    (kinds & 4) == 0 ? null : randomTextOrNull(random, typical),
                    text ? payload.getBytes(UTF_8) : EngineTestCase.randomBytes(random, payload.length()),
                    text));
        }
        return messages;
    }

    private static long randomTime(Random random) {
        return random.nextBoolean()
                ? 1_795_276_681_123L + random.nextInt(100_000)
                : random.nextLong() >> (4 + random.nextInt(60));
    }

    private static @Nullable String randomTextOrNull(Random random, int most) {
        return random.nextInt(3) == 0 ? null : randomText(random, random.nextInt(most));
    }

    private static String randomText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int letter = random.nextInt(10) > 0 ? ' ' + random.nextInt(95) : random.nextInt(0x11_0000);
            if (Character.getType(letter) != Character.SURROGATE) {
                text.appendCodePoint(letter);
            }
        }
        return text.toString();
    }

    @Test
    void noMessagesAndAHundredThousand() throws IOException {
        assertReadByBoth("none", List.of());
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            messages.add(EngineTestCase.message(i, i % 3 == 0 ? "key" + i : null, null, "message " + i));
        }
        assertReadByBoth("a hundred thousand", messages);
    }

    @Test
    void payloadsOfTwentyMegabytesAmongSmallOnes() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<StoredMessage> messages = new ArrayList<>();
        for (int length : new int[] {0, 20_000_000, 1, 300_000, 5_000, 262_144, 100, 1_000_000, 0}) {
            messages.add(EngineTestCase.blob(EngineTestCase.randomBytes(random, length)));
            messages.add(EngineTestCase.message(1, "k", "{\"long\":\"" + "h".repeat(length / 100) + "\"}", "short"));
        }
        assertReadByBoth("seed " + seed, messages);
    }

    static Stream<PageGeometry> geometries() {
        return Stream.of(TablePages.SMALL, TablePages.LARGE);
    }

    /** A start that makes the engine take pages of this size. */
    private static List<StoredMessage> startFor(PageGeometry geometry) {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; geometry.equals(TablePages.LARGE) && i < 30; i++) {
            messages.add(EngineTestCase.blob(new byte[2100]));
        }
        return messages;
    }

    private int pageSizeOf(List<StoredMessage> messages) throws IOException {
        Path file =
                EngineTestCase.write(pages, folder.resolve("sized"), messages).file();
        return Integer.parseInt(StockSqlite.query(file, "PRAGMA page_size"));
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void payloadsOfEveryLengthAtWhichTheWayTheyAreStoredChanges(PageGeometry geometry) throws IOException {
        for (boolean keyed : new boolean[] {false, true}) {
            List<StoredMessage> messages = startFor(geometry);
            Random random = new Random(1);
            for (int length : criticalLengths(geometry)) {
                String key = keyed ? "key" : null;
                byte[] payload = EngineTestCase.randomBytes(random, length);
                messages.add(new StoredMessage(1_795_276_681_123L, key, null, payload, false));
            }
            assertReadByBoth("critical lengths" + (keyed ? " with keys" : ""), messages);
            assertThat(pageSizeOf(messages)).isEqualTo(geometry.pageSize());
        }
    }

    /** Payloads with which the record is within 3 bytes of where more of it, or less, goes to overflow pages. */
    private static Set<Integer> criticalLengths(PageGeometry geometry) {
        Set<Integer> lengths = new TreeSet<>();
        for (int size = geometry.mostLocal() - 1; size < 4 * geometry.pageSize(); size++) {
            boolean changes = geometry.overflowPages(size) != geometry.overflowPages(size + 1)
                    || geometry.local(size) + 1 != geometry.local(size + 1);
            if (changes) {
                addNear(lengths, size - 18, size - 13); // 13 to 18 bytes come before the payload
            }
        }
        for (int length : new int[] {57, 121, 8185, 8186, 1_048_569}) { // where a type or a size takes a byte more
            addNear(lengths, length, length);
        }
        return lengths;
    }

    private static void addNear(Set<Integer> lengths, int from, int to) {
        for (int length = from - 3; length <= to + 3; length++) {
            lengths.add(length);
        }
    }

    @Test
    void onlyMessagesThatWasteSmallPagesGetLargeOnes() throws IOException {
        assertThat(pageSizeOf(copies(1, 2100))).isEqualTo(4096);
        assertThat(pageSizeOf(copies(10, 2100))).isEqualTo(4096);
        assertThat(pageSizeOf(copies(100, 2100))).isEqualTo(16384);
        assertThat(pageSizeOf(copies(100, 1500))).isEqualTo(16384);
        assertThat(pageSizeOf(copies(1000, 100))).isEqualTo(4096);
        assertThat(pageSizeOf(copies(100, 1000))).isEqualTo(4096);
        assertThat(pageSizeOf(copies(100, 10_000))).isEqualTo(4096);
        assertThat(pageSizeOf(List.of())).isEqualTo(4096);
    }

    private static List<StoredMessage> copies(int count, int length) {
        return Collections.nCopies(count, EngineTestCase.blob(new byte[length]));
    }

    @Test
    void messagesOfEveryKindChangeToLargePagesUnharmed() throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            messages.add(EngineTestCase.message(i, "key " + i, i % 2 == 0 ? "{}" : null, "x".repeat(1400 + 100 * i)));
            messages.add(new StoredMessage(-i, null, null, new byte[2000 + 37 * i], i % 2 == 0));
        }
        assertReadByBoth("of every kind", messages);
        assertThat(pageSizeOf(messages)).isEqualTo(16384);
    }

    @Test
    void messagesThatFillALeafToTheLastByteOrNot() throws IOException {
        for (int second = 2040; second <= 2060; second++) {
            List<StoredMessage> messages = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                messages.add(EngineTestCase.blob(new byte[2000]));
                messages.add(EngineTestCase.blob(new byte[second]));
            }
            assertReadByBoth("2000 and " + second + " bytes", messages);
        }
    }

    @Test
    void messagesThatFillTheBufferToTheLastPageOrNot() throws IOException {
        for (int more = -3; more <= 3; more++) {
            List<StoredMessage> messages = new ArrayList<>();
            for (int length = BufferPool.MAX - 4 * 4096; length <= BufferPool.MAX + 4096; length += 4092) {
                messages.add(EngineTestCase.blob(new byte[length + more]));
                messages.add(EngineTestCase.blob(new byte[100]));
            }
            assertReadByBoth("around the buffer's size", messages);
        }
    }

    /** The file has a page in which nothing may be, since SQLite locks bytes there. */
    @Test
    @Tag("long")
    void aFileOfMoreThanAGigabyteIsWhole() throws IOException {
        byte[] payload = EngineTestCase.randomBytes(new Random(1), 1_000_003);
        Path file = folder.resolve("large");
        try (BatchWriter writer = pages.writer(file)) {
            for (int i = 0; i < 1100; i++) {
                writer.add(EngineTestCase.blob(payload));
            }
            BatchSeal seal = writer.seal(false);
            assertThat(seal.bytes()).isGreaterThan(1L << 30);
            assertThat(StockSqlite.query(file, "PRAGMA integrity_check")).isEqualTo("ok");
            assertThat(StockSqlite.query(file, "SELECT count(*), count(DISTINCT payload) FROM message"))
                    .isEqualTo("1100|1");
        }
    }
}
