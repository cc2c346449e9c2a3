package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.ChildJvm;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.ForwardingDisk;
import io.turboqueue.disk.LocalDisk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine does alike: writing batch files, sealing them, and reading them back. */
@Timeout(120)
abstract class BatchEngineContract extends EngineTestCase {

    private static final int SMALL_PAGE = 4096;
    private static final int LARGE_PAGE = 32768;

    BatchEngineContract(Function<Disk, BatchEngine> opening) {
        super(opening);
    }

    // what goes in comes out

    @Test
    void payloadsAreSeenWithoutACopyAsTheyAreGot() throws IOException {
        List<StoredMessage> messages = new ArrayList<>(someOfEachKind(new Random(11)));
        messages.add(blob());
        messages.add(blob(randomBytes(new Random(12), 300_000)));
        Sealed batch = write("views", messages);

        try (StoredMessages found = engine().read(batch.file(), batch.seal())) {
            for (int i = 0; i < messages.size(); i++) {
                ByteBuffer view = found.payload(i);
                assertThat(view.isReadOnly()).isTrue();
                assertThat(view).isEqualTo(ByteBuffer.wrap(messages.get(i).payload()));
            }
        }
    }

    @Test
    void whatWasGotStaysWhenItsBatchIsClosed() throws IOException {
        List<StoredMessage> one = List.of(blob(randomBytes(new Random(13), 200_000)), text("one"));
        List<StoredMessage> other = List.of(blob(randomBytes(new Random(14), 200_000)), text("other"));
        Sealed first = write("first", one);
        Sealed second = write("second", other);

        StoredMessages found = engine().read(first.file(), first.seal());
        List<StoredMessage> got = List.of(found.get(0), found.get(1));
        found.close();
        found.close();
        StoredMessages next = engine().read(second.file(), second.seal());
        StoredMessages besides = engine().read(first.file(), first.seal());

        assertThat(rows(got)).isEqualTo(rows(one));
        assertThat(rows(next)).isEqualTo(rows(other));
        assertThat(rows(besides)).isEqualTo(rows(one));
    }

    @Test
    void whatIsAskedForAfterTheCloseIsRefused() throws IOException {
        Sealed batch = write("a", List.of(blob(randomBytes(new Random(15), 200_000))));

        StoredMessages found = engine().read(batch.file(), batch.seal());
        found.close();

        assertThat(found).hasSize(1);
        assertThatThrownBy(() -> found.get(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> found.payload(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBatchClosedByTwoThreadsAtOnceGivesItsMemoryToOneBatchOnly() throws Exception {
        List<StoredMessage> one = List.of(blob(randomBytes(new Random(16), 200_000)));
        List<StoredMessage> other = List.of(blob(randomBytes(new Random(17), 200_000)));
        Sealed first = write("first", one);
        Sealed second = write("second", other);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 200; i++) {
                StoredMessages closing = engine().read(first.file(), first.seal());
                CyclicBarrier together = new CyclicBarrier(2);
                Callable<Boolean> close = () -> {
                    together.await();
                    closing.close();
                    return true;
                };
                for (Future<Boolean> closed : pool.invokeAll(List.of(close, close))) {
                    closed.get();
                }
                try (StoredMessages a = engine().read(first.file(), first.seal());
                        StoredMessages b = engine().read(second.file(), second.seal())) {
                    assertThat(rows(a)).as("time %d", i).isEqualTo(rows(one));
                    assertThat(rows(b)).as("time %d", i).isEqualTo(rows(other));
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aMessageGotWhileItsBatchIsClosedIsItsOwnOrRefused() throws Exception {
        List<StoredMessage> one = List.of(blob(randomBytes(new Random(18), 200_000)));
        List<StoredMessage> other = List.of(blob(randomBytes(new Random(19), 200_000)));
        Sealed first = write("first", one);
        Sealed second = write("second", other);
        ExecutorService pool = Executors.newFixedThreadPool(1);
        try {
            for (int i = 0; i < 300; i++) {
                StoredMessages closing = engine().read(first.file(), first.seal());
                Future<Integer> reader = pool.submit(() -> getUntilRefused(closing, one));
                Thread.onSpinWait();
                closing.close();
                engine().read(second.file(), second.seal()).close();
                assertThat(reader.get()).as("time %d", i).isNotNegative();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static int getUntilRefused(StoredMessages messages, List<StoredMessage> expected) {
        for (int got = 0; ; got++) {
            StoredMessage message;
            try {
                message = messages.get(0);
            } catch (IllegalStateException closed) {
                return got;
            }
            assertThat(rows(List.of(message))).isEqualTo(rows(expected));
        }
    }

    @Test
    void everyFieldComesBackAsItWasAdded() throws IOException {
        List<StoredMessage> messages = List.of(
                message(1_763_740_681_123L, "LAX-JFK", "{\"source\":\"radar\"}", "plain"),
                message(1_763_740_681_124L, null, null, "neither key nor headers"),
                message(0, "only a key", null, "x"),
                message(0, null, "{}", "only headers"),
                message(0, "", "", "empty key and headers are not NULL"),
                message(
                        0,
                        "\u65e5\u672c\u8a9e \ud83d\ude00",
                        "{\"\u00e4\":\"\ud83d\ude80\"}",
                        "\u00fc \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 e\u0301"),
                message(0, "it's \"quoted\"; DROP TABLE message; --", "{\"a\":\"?\"}", "'\"`[]?;--%\\"),
                message(0, "with\0NUL", "{\"with\":\"\0\"}", "with\0NUL\0"),
                message(0, "12", "34", "56"),
                message(0, "1e3", "0x10", "1.50"),
                message(0, " line\nfeeds\r\n", "\t", "\n\n"),
                message(0, "\ufeffBOM", null, "\ufeffBOM"));

        assertHolds(write("fields", messages), messages);
    }

    @Test
    void bytesAndTextStayWhatTheyAre() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        List<StoredMessage> messages = List.of(
                text("abc"),
                blob("abc".getBytes(UTF_8)),
                blob(all),
                blob((byte) 0),
                blob(new byte[1000]),
                blob((byte) 0xff, (byte) 0xfe),
                text("\0"),
                text("\0\0\0"));

        Sealed batch = write("kinds", messages);

        assertHolds(batch, messages);
        assertThat(StockSqlite.query(batch.file(), "SELECT group_concat(typeof(payload)) FROM message"))
                .isEqualTo("text,blob,blob,blob,blob,blob,blob,blob");
    }

    @Test
    void aTextWithAZeroIsABlobSoThatToolsDoNotCutItOffAndComesBackAsTheSameText() throws IOException {
        List<StoredMessage> messages = List.of(
                message(1, null, null, "zero\0text"),
                message(2, null, null, "\0"),
                message(3, null, null, "x".repeat(9000) + "\0"),
                message(4, "key\0", "no json\0", "both"),
                message(5, "k".repeat(5000) + "\0", null, "long"),
                message(6, "key", "{\"h\":\"\\u0000\"}", "escaped"));
        Sealed batch = write("zeros", messages);

        assertHolds(batch, messages);
        assertThat(engine().read(batch.file(), batch.seal()))
                .extracting(StoredMessage::text)
                .containsExactly(false, false, false, true, true, true);
        assertThat(StockSqlite.query(
                        batch.file(),
                        "SELECT typeof(key), typeof(headers), typeof(payload), length(payload) FROM message"))
                .isEqualTo("null|null|blob|9\nnull|null|blob|1\nnull|null|blob|9001\nblob|blob|text|4\n"
                        + "blob|null|text|4\ntext|text|text|7");
        assertIntact(batch.file());
    }

    @Test
    void aZeroIsFoundWhereverItIs() {
        for (int length = 0; length < 40; length++) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) 0x80);
            assertThat(Zeros.in(bytes)).as("length %d", length).isFalse();
            for (int at = 0; at < length; at++) {
                Arrays.fill(bytes, (byte) 1);
                bytes[at] = 0;
                assertThat(Zeros.in(bytes)).as("at %d of %d", at, length).isTrue();
            }
        }
    }

    @Test
    void aKeyMayBeAnyBytes() throws IOException {
        byte[] bytes = {(byte) 0xff, 0, 1};
        byte[] payload = "p".getBytes(UTF_8);
        List<StoredMessage> messages = List.of(
                StoredMessage.withKeyBytes(1, bytes, "{}", payload, true),
                StoredMessage.withKeyBytes(2, "text".getBytes(UTF_8), null, payload, false));
        Sealed batch = write("key bytes", messages);

        List<StoredMessage> found = engine().read(batch.file(), batch.seal());
        assertThat(found.get(0).keyBytes()).isEqualTo(bytes);
        assertThat(found.get(0).key()).isEqualTo("\ufffd\0\u0001");
        assertThat(found.get(0).headers()).isEqualTo("{}");
        assertThat(found.get(1).key()).isEqualTo("text");
        assertThat(StockSqlite.query(batch.file(), "SELECT quote(key), quote(payload) FROM message"))
                .isEqualTo("X'FF0001'|'p'\nX'74657874'|X'70'");
        assertIntact(batch.file());
    }

    @Test
    void anEmptyPayloadIsNotNull() throws IOException {
        List<StoredMessage> messages = List.of(text(""), blob(), text("between"), blob(), text(""));

        Sealed batch = write("empty payloads", messages);

        assertHolds(batch, messages);
        assertThat(StockSqlite.query(batch.file(), "SELECT group_concat(typeof(payload)) FROM message"))
                .isEqualTo("text,blob,text,blob,text");
    }

    @Test
    void timesBeforeAndLongAfterNowComeBack() throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        for (long time : new long[] {
            0,
            1,
            -1,
            127,
            128,
            32_767,
            32_768,
            8_388_607,
            8_388_608,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE + 1L,
            (1L << 47) - 1,
            1L << 47,
            -(1L << 47) - 1,
            Instant.parse("0000-01-01T00:00:00Z").toEpochMilli(),
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli()
        }) {
            messages.add(message(time, null, null, "at " + time));
        }

        assertHolds(write("times", messages), messages);
    }

    @Test
    void oneMessageMakesABatch() throws IOException {
        assertHolds(write("one", List.of(text("x"))), List.of(text("x")));
    }

    @Test
    void aBatchWithoutMessagesIsAValidFileWithoutRows() throws IOException {
        Sealed batch = write("none", List.of());

        assertThat(batch.seal().rows()).isZero();
        assertHolds(batch, List.of());
        assertIntact(batch.file());
    }

    @Test
    void aHundredThousandSmallMessagesKeepTheirOrder() throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            messages.add(message(i, null, null, "message " + i));
        }

        Sealed batch = write("many", messages);

        assertThat(batch.seal().rows()).isEqualTo(100_000);
        assertHolds(batch, messages);
        assertIntact(batch.file());
    }

    @Test
    void textAndBytesByTurnsKeepTheirOrder() throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            byte[] payload = ("message " + i).getBytes(UTF_8);
            messages.add(new StoredMessage(i, i % 7 == 0 ? "k" + i : null, null, payload, i % 2 == 0));
        }

        assertHolds(write("by turns", messages), messages);
    }

    @Test
    void onePayloadOfTwentyMegabytesComesBack() throws IOException {
        Random random = new Random(20);
        List<StoredMessage> messages = List.of(
                text("before"),
                blob(randomBytes(random, 20 * 1000 * 1000)),
                text("\u00e4".repeat(10 * 1000 * 1000)),
                text("after"));

        Sealed batch = write("large payloads", messages);

        assertHolds(batch, messages);
        assertIntact(batch.file());
    }

    @Test
    void aHundredMegabytesInOneBatchComeBack() throws IOException {
        Random random = new Random(100);
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            messages.add(blob(randomBytes(random, 250_000)));
        }

        Sealed batch = write("large batch", messages);

        assertThat(batch.seal().bytes()).isGreaterThan(100_000_000);
        assertHolds(batch, messages);
    }

    @Test
    void payloadsOfEveryLengthAroundASmallPageComeBack() throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        Random random = new Random(1);
        for (int length = SMALL_PAGE - 90; length <= SMALL_PAGE + 10; length++) {
            messages.add(blob(randomBytes(random, length)));
        }

        Sealed batch = write("page boundaries", messages);

        assertHolds(batch, messages);
        assertIntact(batch.file());
    }

    @Test
    void payloadsOfEveryLengthAroundALargePageComeBack() throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        Random random = new Random(1);
        for (int length = LARGE_PAGE - 90; length <= LARGE_PAGE + 10; length++) {
            messages.add(blob(randomBytes(random, length)));
        }

        Sealed batch = write("page boundaries", messages);

        assertHolds(batch, messages);
        assertIntact(batch.file());
    }

    @Test
    void payloadsThatEndWhereAnOverflowPageEndsComeBack() throws IOException {
        for (int pages = 1; pages <= 3; pages++) {
            List<StoredMessage> messages = new ArrayList<>();
            Random random = new Random(pages);
            for (int more = 440; more <= 500; more++) {
                messages.add(blob(randomBytes(random, pages * (SMALL_PAGE - 4) + more)));
            }
            for (int less = 0; less <= 40; less++) {
                messages.add(blob(randomBytes(random, pages * (SMALL_PAGE - 4) + SMALL_PAGE - 20 - less)));
            }
            assertHolds(write("chains of " + pages, messages), messages);
        }
    }

    @ParameterizedTest(name = "{0} messages")
    @ValueSource(ints = {2, 49, 50, 51, 99, 100, 101, 127, 128, 255, 256, 257, 1000, 4096})
    void anyNumberOfMessagesComesBack(int count) throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(message(i, "key", null, "some payload of message " + i));
        }

        Sealed batch = write("some", messages);

        assertHolds(batch, messages);
        assertIntact(batch.file());
    }

    @Test
    void randomBatchesComeBack() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            List<StoredMessage> messages = randomBatch(random);
            Sealed batch = write("random " + round, messages);
            assertThat(rows(engine().read(batch.file(), batch.seal())))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(rows(messages));
            assertIntact(batch.file());
        }
    }

    private static List<StoredMessage> randomBatch(Random random) {
        int typical = 1 << random.nextInt(15);
        int count = 1 + random.nextInt(Math.max(1, Math.min(2000, 1_000_000 / typical)));
        boolean withKeys = random.nextBoolean();
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(new StoredMessage(
                    random.nextLong(1L << 50),
                    withKeys && random.nextBoolean() ? randomText(random, random.nextInt(200)) : null,
                    withKeys && random.nextBoolean() ? randomText(random, random.nextInt(typical)) : null,
                    randomText(random, random.nextInt(2 * typical)).getBytes(UTF_8),
                    random.nextInt(3) > 0));
        }
        return messages;
    }

    private static String randomText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int letter = random.nextInt(8) > 0 ? random.nextInt(0x80) : random.nextInt(0x11_0000);
            if (Character.getType(letter) != Character.SURROGATE) {
                text.appendCodePoint(letter);
            }
        }
        return text.toString();
    }

    // the file

    private static void assertIntact(Path file) throws IOException {
        assertThat(StockSqlite.query(file, "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void theFileIsOneThatAnySqliteReads() throws IOException {
        Sealed batch = write(
                "stock",
                List.of(message(17, "key", "{\"a\":\"b\"}", "first"), text("second"), blob((byte) 1, (byte) 2)));

        assertIntact(batch.file());
        assertThat(StockSqlite.query(batch.file(), "SELECT * FROM message WHERE id < 3"))
                .isEqualTo("1|17|key|{\"a\":\"b\"}|first\n2|0|||second");
        assertThat(StockSqlite.query(batch.file(), "SELECT id, key ISNULL, headers ISNULL, hex(payload) FROM message"))
                .isEqualTo("1|0|0|6669727374\n2|1|1|7365636F6E64\n3|1|1|0102");
        assertThat(StockSqlite.query(batch.file(), "SELECT type, name, sql FROM sqlite_schema"))
                .isEqualTo("table|message|CREATE TABLE message"
                        + "(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)");
    }

    @Test
    void theHeaderSaysWhoseItIsAndThatItNeedsNoSideFile() throws IOException {
        Path file = write("header", List.of(text("x"))).file();
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file));

        assertThat(StockSqlite.query(file, "PRAGMA application_id")).isEqualTo("1416983121");
        assertThat(StockSqlite.query(file, "PRAGMA user_version")).isEqualTo("1");
        assertThat(StockSqlite.query(file, "PRAGMA encoding")).isEqualTo("UTF-8");
        assertThat(StockSqlite.query(file, "PRAGMA journal_mode")).isEqualTo("delete");
        assertThat(header.getInt(68)).as("application_id").isEqualTo(0x54757251);
        assertThat(header.getInt(60)).as("user_version").isEqualTo(1);
        assertThat(header.getInt(56)).as("text encoding").isEqualTo(1);
        assertThat(header.get(18)).as("write version").isEqualTo((byte) 1);
        assertThat(header.get(19)).as("read version").isEqualTo((byte) 1);
    }

    @Test
    void idsAreThePositionsFromOne() throws IOException {
        Path file = write("ids", someOfEachKind(new Random(1))).file();

        assertThat(StockSqlite.query(file, "SELECT min(id), max(id), count(*) FROM message"))
                .isEqualTo("1|50|50");
    }

    @Test
    void theSealIsWhatTheFileHas() throws IOException {
        Sealed batch = write("sealed", someOfEachKind(new Random(2)));
        byte[] content = Files.readAllBytes(batch.file());

        assertThat(batch.seal()).isEqualTo(new BatchSeal(50, content.length, crc32BitByBit(content)));
    }

    /** As RFC 1952 has it, without any library. */
    private static long crc32BitByBit(byte[] bytes) {
        int crc = 0xffff_ffff;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (0xedb8_8320 & -(crc & 1));
            }
        }
        return ~crc & 0xffff_ffffL;
    }

    @Test
    void nothingLiesBesideASealedFile() throws IOException {
        try (BatchWriter writer = engine().writer(folder.resolve("a"))) {
            writer.add(text("x"));
            writer.seal(true);
            assertThat(namesIn(folder)).containsExactly("a");
        }
    }

    @Test
    void readingChangesNothing() throws IOException {
        Sealed batch = write("a", someOfEachKind(new Random(3)));
        byte[] before = Files.readAllBytes(batch.file());
        FileTime old = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
        Files.setLastModifiedTime(batch.file(), old);

        engine().read(batch.file(), batch.seal());
        engine().read(batch.file(), null);

        assertThat(batch.file()).hasBinaryContent(before);
        assertThat(Files.getLastModifiedTime(batch.file())).isEqualTo(old);
        assertThat(namesIn(folder)).containsExactly("a");
    }

    @Test
    void theFileIsForItsOwnerOnlyWhateverTheUmask(@TempDir Path temporary) throws Exception {
        String file = folder.resolve("a").toString();
        String engine = engine().getClass().getName();
        try (ChildJvm child = ChildJvm.startWithUmask("000", temporary, ModeOfBatchFile.class, engine, file)) {
            assertThat(child.line()).isEqualTo("rw-------");
        }
    }

    @ParameterizedTest(name = "folder {0}")
    @ValueSource(
            strings = {
                "with space",
                "question?mode=memory",
                "hash#fragment",
                "percent%20twenty%",
                "and&or=",
                "quote'double\"back`",
                "semicolon;--",
                "[brackets]{braces}",
                "back\\slash",
                "colon:C:",
                "file:",
                ":memory:",
                "tilde~flights~5",
                "line\nfeed",
                "\u65e5\u672c\u8a9e",
                "\u00fcber composed",
                "u\u0308ber decomposed",
                "\u212b ngstrom sign",
                "\ud83d\ude00",
                "-dash"
            })
    void anyPathWillDo(String name) throws IOException {
        Path odd = Files.createDirectory(folder.resolve(name));
        List<StoredMessage> messages = someOfEachKind(new Random(4));

        Sealed batch = write(engine(), odd.resolve(name), messages);

        assertHolds(batch, messages);
        assertThat(namesIn(odd)).containsExactly(name);
        assertThat(namesIn(folder)).containsExactly(name);
    }

    // sealing and what may go wrong

    @Test
    void aWriterCountsRowsAndWeight() throws IOException {
        try (BatchWriter writer = engine().writer(folder.resolve("a"))) {
            assertThat(writer.rows()).isZero();
            assertThat(writer.weight()).isZero();

            StoredMessage first = text("first");
            StoredMessage second = message(1, "key", "{\"a\":\"b\"}", "second");
            writer.add(first);
            writer.add(second);

            assertThat(writer.rows()).isEqualTo(2);
            assertThat(writer.weight()).isEqualTo(first.weight() + second.weight());
        }
    }

    @Test
    void closingRemovesAFileThatWasNotPublished() throws IOException {
        BatchWriter writer = engine().writer(folder.resolve("a"));
        writer.add(text("x"));
        writer.seal(false);
        assertThat(folder.resolve("a")).exists();

        writer.close();
        writer.close();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void closingAWriterThatWasNeverSealedLeavesNothing() throws IOException {
        BatchWriter writer = engine().writer(folder.resolve("a"));
        writer.add(text("x"));

        writer.close();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void closingLeavesAPublishedFileWhereItIs() throws IOException {
        Sealed batch = write("published", List.of(text("x")));

        assertThat(namesIn(folder)).containsExactly("published");
        assertHolds(batch, List.of(text("x")));
    }

    @Test
    void aFileThatIsThereAlreadyIsItsOwnRemainsAndReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "left when its owner's directory was moved");
        try (BatchWriter writer = engine().writer(file)) {
            writer.add(text("x"));
            BatchSeal seal = writer.seal(false);
            try (StoredMessages found = engine().read(file, seal)) {
                assertThat(found)
                        .singleElement()
                        .extracting(StoredMessage::payload)
                        .isEqualTo(new byte[] {'x'});
            }
        }
    }

    @Test
    void sealingInAFolderThatIsGoneSaysSo() throws IOException {
        Path gone = folder.resolve("owner");
        try (BatchWriter writer = engine().writer(gone.resolve("a"))) {
            writer.add(text("x"));
            assertThatThrownBy(() -> writer.seal(false))
                    .isInstanceOf(FolderGoneException.class)
                    .hasMessageContaining(gone.toString());
        }
    }

    @Test
    void aSealedFileThatWasNotPublishedIsSealedAgainWithWhatWasAddedSince() throws IOException {
        Path file = folder.resolve("a");
        try (BatchWriter writer = engine().writer(file)) {
            writer.add(text("first"));
            BatchSeal one = writer.seal(false);
            assertHolds(new Sealed(file, one), List.of(text("first")));

            writer.add(message(1, "key", null, "second"));
            BatchSeal two = writer.seal(false);

            assertHolds(new Sealed(file, two), List.of(text("first"), message(1, "key", null, "second")));
            assertThat(namesIn(folder)).containsExactly("a");
        }
    }

    /** Fails as long as it is asked to. */
    private static final class FailingDisk extends ForwardingDisk {
        boolean failsCreate;
        boolean failsSync;
        boolean failsUnlink;
        int syncs;

        @Override
        public DiskFile create(Path file) throws IOException {
            if (failsCreate) {
                throw new IOException("No space left on device, as this test wants it");
            }
            DiskFile created = super.create(file);
            return new DiskFile() {
                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return created.read(target, position);
                }

                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    return created.write(source, position);
                }

                @Override
                public long size() throws IOException {
                    return created.size();
                }

                @Override
                public void sync() throws IOException {
                    syncs++;
                    if (failsSync) {
                        throw new IOException("Input/output error, as this test wants it");
                    }
                    created.sync();
                }

                @Override
                public void close() throws IOException {
                    created.close();
                }
            };
        }

        @Override
        public boolean unlink(Path path) throws IOException {
            if (failsUnlink) {
                throw new IOException("Operation not permitted, as this test wants it");
            }
            return super.unlink(path);
        }
    }

    @Test
    void messagesAreKeptWhenTheFileCannotBeMade() throws IOException {
        FailingDisk disk = new FailingDisk();
        List<StoredMessage> messages = someOfEachKind(new Random(5));
        try (BatchWriter writer = engine(disk).writer(folder.resolve("a"))) {
            for (StoredMessage message : messages) {
                writer.add(message);
            }
            disk.failsCreate = true;
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> writer.seal(false))
                        .isInstanceOf(IOException.class)
                        .hasMessage("No space left on device, as this test wants it");
                assertThat(folder).isEmptyDirectory();
            }
            assertThat(writer.rows()).isEqualTo(50);

            disk.failsCreate = false;
            BatchSeal seal = writer.seal(false);

            assertHolds(new Sealed(folder.resolve("a"), seal), messages);
        }
    }

    @Test
    void aSyncThatFailedCountsAsNotWritten() throws IOException {
        FailingDisk disk = new FailingDisk();
        List<StoredMessage> messages = someOfEachKind(new Random(6));
        try (BatchWriter writer = engine(disk).writer(folder.resolve("a"))) {
            for (StoredMessage message : messages) {
                writer.add(message);
            }
            disk.failsSync = true;
            assertThatThrownBy(() -> writer.seal(true))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Input/output error, as this test wants it");
            assertThat(folder).isEmptyDirectory();
            assertThat(disk.syncs).as("a failed sync is never tried again").isEqualTo(1);

            disk.failsSync = false;
            BatchSeal seal = writer.seal(true);

            assertHolds(new Sealed(folder.resolve("a"), seal), messages);
        }
    }

    @Test
    void theFileIsSyncedOnceIfItMustSurvivePowerLossAndElseNot() throws IOException {
        FailingDisk disk = new FailingDisk();
        try (BatchWriter writer = engine(disk).writer(folder.resolve("a"))) {
            writer.add(text("x"));
            writer.seal(false);
            assertThat(disk.syncs).isZero();
            writer.seal(true);
            assertThat(disk.syncs).isEqualTo(1);
        }
    }

    @Test
    void aFailureToCleanUpDoesNotHideTheFirstFailure() throws IOException {
        FailingDisk disk = new FailingDisk();
        try (BatchWriter writer = engine(disk).writer(folder.resolve("a"))) {
            writer.add(text("x"));
            disk.failsSync = true;
            disk.failsUnlink = true;
            assertThatThrownBy(() -> writer.seal(true))
                    .hasMessage("Input/output error, as this test wants it")
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .containsExactly("Operation not permitted, as this test wants it"));
            disk.failsUnlink = false;
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFullDiskLosesNoMessage() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()),
                "needs the right to mount a file system of one megabyte");
        try {
            List<StoredMessage> messages = new ArrayList<>();
            Random random = new Random(7);
            for (int i = 0; i < 80; i++) {
                messages.add(blob(randomBytes(random, 10_000)));
            }
            Path ballast = Files.write(small.resolve("ballast"), new byte[600_000]);
            try (BatchWriter writer = engine().writer(small.resolve("a"))) {
                int taken = 0;
                while (taken < messages.size() && takes(writer, messages.get(taken))) {
                    taken++;
                }
                for (boolean sync : new boolean[] {false, true}) {
                    assertThatThrownBy(() -> writer.seal(sync)).satisfies(BatchEngineContract::isNoSpace);
                    assertThat(writer.rows()).isEqualTo(taken);
                    assertThat(namesIn(small)).isSubsetOf("ballast", "a");
                }

                Files.delete(ballast);
                for (StoredMessage message : messages.subList(taken, messages.size())) {
                    writer.add(message);
                }
                BatchSeal seal = await("an engine may hold the space of a file it removed for a moment")
                        .atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> writer.seal(true), Objects::nonNull);

                assertHolds(new Sealed(small.resolve("a"), seal), messages);
            }
            assertThat(small).isEmptyDirectory();
        } finally {
            closeEngines();
            assertThat(succeeds("umount", small.toString())).isTrue();
        }
    }

    /** An engine may write as messages come, and so refuse one; it is not there then. */
    private static boolean takes(BatchWriter writer, StoredMessage message) {
        int rows = writer.rows();
        try {
            writer.add(message);
            return true;
        } catch (IOException refused) {
            isNoSpace(refused);
            assertThat(writer.rows()).isEqualTo(rows);
            return false;
        }
    }

    private static void isNoSpace(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(DamagedBatchException.class)
                .hasMessageMatching("(?s).*(full|[Nn]o space).*");
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Test
    void aClosedEngineFailsAndLeavesNothing() throws IOException {
        Sealed batch = write("a", List.of(text("x")));
        BatchEngine engine = engine();
        try (BatchWriter writer = engine.writer(folder.resolve("b"))) {
            writer.add(text("x"));
            engine.close();
            engine.close();

            assertThatThrownBy(() -> writer.seal(false))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(DamagedBatchException.class);
        }
        assertThatThrownBy(() -> engine.read(batch.file(), batch.seal()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(DamagedBatchException.class);
        assertThat(namesIn(folder)).containsExactly("a");
    }

    // threads

    @Test
    void threadsWriteAndReadAtOnce() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int seed = thread;
                results.add(pool.submit(() -> writeAndReadTwentyBatches(seed)));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(20 * 50);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private int writeAndReadTwentyBatches(int seed) throws IOException {
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 20; i++) {
            List<StoredMessage> messages = someOfEachKind(random);
            Sealed batch = write(engine(), folder.resolve("thread " + seed + " batch " + i), messages);
            List<StoredMessage> found = engine().read(batch.file(), batch.seal());
            assertThat(rows(found)).isEqualTo(rows(messages));
            read += found.size();
        }
        return read;
    }

    @Test
    void threadsReadOneFileAtOnce() throws Exception {
        List<StoredMessage> messages = someOfEachKind(new Random(8));
        Sealed batch = write("a", messages);
        ExecutorService pool = Executors.newFixedThreadPool(6);
        try {
            Callable<List<Row>> reader = () -> rows(engine().read(batch.file(), batch.seal()));
            for (Future<List<Row>> found :
                    pool.invokeAll(Arrays.asList(reader, reader, reader, reader, reader, reader))) {
                assertThat(found.get()).isEqualTo(rows(messages));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void anInterruptedWriterKeepsItsMessagesAndItsInterrupt() throws IOException {
        Path file = folder.resolve("a");
        try (BatchWriter writer = engine().writer(file)) {
            writer.add(text("x"));

            Thread.currentThread().interrupt();
            BatchSeal seal = sealedInSpiteOfInterrupt(writer);
            if (seal == null) {
                assertThat(folder).isEmptyDirectory();
                seal = writer.seal(false);
            }

            assertHolds(new Sealed(file, seal), List.of(text("x")));
        }
    }

    /** An engine may finish in spite of an interrupt or give up; either way the interrupt must not be lost. */
    private static @Nullable BatchSeal sealedInSpiteOfInterrupt(BatchWriter writer) {
        try {
            return writer.seal(false);
        } catch (IOException givenUp) {
            assertThat(givenUp).isInstanceOfAny(ClosedByInterruptException.class, InterruptedIOException.class);
            return null;
        } finally {
            assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
        }
    }

    @Test
    void anInterruptedReaderDoesNotTakeTheFileForDamaged() throws IOException {
        Sealed batch = write("a", someOfEachKind(new Random(9)));
        for (BatchSeal seal : Arrays.asList(batch.seal(), null)) {
            Thread.currentThread().interrupt();
            Throwable thrown = catchThrowable(() -> engine().read(batch.file(), seal));
            assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
            if (thrown != null) {
                assertThat(thrown).isInstanceOfAny(ClosedByInterruptException.class, InterruptedIOException.class);
            }
        }
        assertThat(engine().read(batch.file(), batch.seal())).hasSize(50);
    }

    // reading

    @Test
    void bytesBehindTheSealedLengthAreNotContent() throws IOException {
        List<StoredMessage> messages = someOfEachKind(new Random(10));
        Sealed batch = write("reused", messages);
        byte[] content = Files.readAllBytes(batch.file());

        for (int more : new int[] {1, 511, 4096, 4097, 40_960}) {
            Files.write(batch.file(), randomBytes(new Random(more), more), StandardOpenOption.APPEND);
            assertHolds(batch, messages);
            Files.write(batch.file(), content);
        }
    }

    @Test
    void oneEngineReadsWhatAnotherWrote() throws IOException {
        List<StoredMessage> messages = someOfEachKind(new Random(11));
        Sealed batch = write("a", messages);
        try (BatchEngine other = new JdbcEngine(new LocalDisk())) {
            assertThat(rows(other.read(batch.file(), batch.seal()))).isEqualTo(rows(messages));
            assertThat(rows(other.read(batch.file(), null))).isEqualTo(rows(messages));

            Sealed theirs = write(other, folder.resolve("b"), messages);
            assertHolds(theirs, messages);
        }
    }

    @Test
    void aFileThatIsNotThereIsNoDamage() {
        Path gone = folder.resolve("gone");

        assertThatThrownBy(() -> engine().read(gone, new BatchSeal(1, 4096, 0)))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> engine().read(gone, null)).isInstanceOf(NoSuchFileException.class);
        assertThat(folder).isEmptyDirectory();
    }
}
