package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turboqueue.io.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that other programs wrote: read if they hold the one plain table, whatever else they try. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ForeignBatchContract extends EngineTestCase {

    private static final String TABLE =
            "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload);";
    private static final String ROW = "INSERT INTO message VALUES(1, 17, 'key', '{}', 'payload');";
    private static final String OURS = "PRAGMA application_id=1416983121; PRAGMA user_version=1;";

    ForeignBatchContract(Function<Disk, BatchEngine> opening) {
        super(opening);
    }

    private Path file() {
        return folder.resolve("foreign");
    }

    private List<StoredMessage> read(String statements) throws IOException {
        StockSqlite.run(file(), statements);
        return engine().read(file(), null);
    }

    private DamagedBatchException damage(@Nullable BatchSeal seal) {
        return damage(file(), seal);
    }

    @Test
    void aFileOfTheStockProgramIsReadInTheOrderOfItsIds() throws IOException {
        List<StoredMessage> found = read(TABLE
                + "INSERT INTO message VALUES(30, 3, NULL, NULL, 'third');"
                + "INSERT INTO message VALUES(-5, 1, 'a', '{\"h\":\"1\"}', x'00ff');"
                + "INSERT INTO message(time, payload) VALUES(4, 'fourth');"
                + "INSERT INTO message VALUES(7, 2, NULL, NULL, '');");

        assertThat(rows(found))
                .containsExactly(
                        Row.of(new StoredMessage(1, "a", "{\"h\":\"1\"}", new byte[] {0, (byte) 0xff}, false)),
                        Row.of(message(2, null, null, "")),
                        Row.of(message(3, null, null, "third")),
                        Row.of(message(4, null, null, "fourth")));
    }

    @Test
    void aTableWithoutRowsIsABatchWithoutMessages() throws IOException {
        assertThat(read(TABLE)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "create table message(id integer primary key, time integer, key, headers text, payload)",
                "CREATE TABLE IF NOT EXISTS message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)",
                "CREATE TABLE main.message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)",
                "CREATE TABLE \"message\"(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)",
                "CREATE TABLE [message] (id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)",
                "CREATE TABLE `message` (id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)",
                "CREATE TABLE Message(ID Integer Primary Key, Time Integer, Key, Headers Text, Payload)",
                "CREATE TABLE message(id INTEGER PRIMARY KEY,time INTEGER,key,headers TEXT,payload)",
                "CREATE  TABLE\tmessage\n(\n  id INTEGER  PRIMARY\tKEY ,\r\n  time INTEGER,\n  key,\n  headers TEXT,\n  payload\n)",
                "CREATE TABLE message(id INTEGER PRIMARY KEY, time INT, \"key\" TEXT, headers JSON, payload BLOB)",
                "CREATE TABLE message(id INTEGER PRIMARY KEY, [time], `key`, \"headers\", payload TEXT)",
                "CREATE TABLE message(id INTEGER PRIMARY KEY NOT NULL, time INTEGER NOT NULL, key, headers, payload BLOB NOT NULL)",
                "CREATE TABLE message(id INTEGER PRIMARY KEY, time ANY, key ANY, headers ANY, payload ANY)"
            })
    void theTableMayBeSpelledInAnyWayThatMeansTheSame(String table) throws IOException {
        List<StoredMessage> found = read(table + ";" + ROW);

        assertThat(rows(found)).containsExactly(Row.of(message(17, "key", "{}", "payload")));
    }

    static Stream<Arguments> otherSchemas() {
        String columns = "(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)";
        return Stream.of(
                other("no table", "CREATE TABLE gone(x); DROP TABLE gone;"),
                other("another table", "CREATE TABLE messages" + columns + ";"),
                other("a table beside", TABLE + "CREATE TABLE other(x);"),
                other("a table before", "CREATE TABLE other(x);" + TABLE),
                other("an index beside", TABLE + "CREATE INDEX by_key ON message(key);"),
                other("an index on an expression", TABLE + "CREATE INDEX x ON message(abs(time));"),
                other("statistics beside", TABLE + ROW + "CREATE INDEX i ON message(key); ANALYZE; DROP INDEX i;"),
                other("a view beside", TABLE + "CREATE VIEW v AS SELECT * FROM message;"),
                other("a trigger beside", TABLE + "CREATE TRIGGER t AFTER INSERT ON message BEGIN SELECT 1; END;"),
                other("a view instead", "CREATE VIEW message AS SELECT 1 id, 2 time, 3 key, 4 headers, 5 payload;"),
                other(
                        "an endless view",
                        "CREATE VIEW message(id, time, key, headers, payload) AS"
                                + " WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
                                + " SELECT x, x, x, x, randomblob(1000) FROM n;"),
                other("a virtual table", "CREATE VIRTUAL TABLE message USING fts5(time, key, headers, payload);"),
                other("a table without row ids", "CREATE TABLE message" + columns + " WITHOUT ROWID;"),
                other(
                        "a generated column",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT," + " payload AS (abs(time))")),
                other(
                        "a stored generated column",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT,"
                                + " payload GENERATED ALWAYS AS (time) STORED")),
                other(
                        "a default",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT,"
                                + " payload DEFAULT (hex('x'))")),
                other(
                        "a check",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT,"
                                + " payload CHECK (length(payload) < 10)")),
                other(
                        "a table check",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload,"
                                + " CHECK (time > 0)")),
                other(
                        "a collation",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key COLLATE NOCASE, headers TEXT," + " payload")),
                other(
                        "a unique column",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key UNIQUE, headers TEXT," + " payload")),
                other(
                        "a reference",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key REFERENCES message(id),"
                                + " headers TEXT, payload")),
                other(
                        "autoincrement",
                        table("id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER, key, headers TEXT," + " payload")),
                other("no primary key", table("id INTEGER, time INTEGER, key, headers TEXT, payload")),
                other("an id that is no row id", table("id INT PRIMARY KEY, time INTEGER, key, headers TEXT, payload")),
                other("a column less", table("id INTEGER PRIMARY KEY, time INTEGER, headers TEXT, payload")),
                other("a column more", table("id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload, more")),
                other(
                        "columns in another order",
                        table("id INTEGER PRIMARY KEY, key, time INTEGER, headers TEXT," + " payload")),
                other(
                        "a column of another name",
                        table("id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT," + " body")),
                other(
                        "a forged text",
                        TABLE + "PRAGMA writable_schema=ON;"
                                + "UPDATE sqlite_schema SET sql = sql || ' WITHOUT ROWID';"),
                other(
                        "a forged type",
                        TABLE + "PRAGMA writable_schema=ON;" + "UPDATE sqlite_schema SET type = 'view';"),
                other("no text", TABLE + "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = NULL;"));
    }

    private static String table(String columns) {
        return "CREATE TABLE message(" + columns + ");";
    }

    private static Arguments other(String what, String statements) {
        return Arguments.of(what, statements);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherSchemas")
    void anythingButTheOnePlainTableIsRefusedWhetherItClaimsToBeOursOrNot(String what, String statements)
            throws IOException {
        StockSqlite.run(file(), statements);
        assertThat(damage(null).damage()).as(what).isIn(Damage.SCHEMA, Damage.CORRUPT);

        StockSqlite.run(file(), OURS);
        assertThat(damage(forgedSeal(file(), 1)).damage()).as(what).isIn(Damage.SCHEMA, Damage.CORRUPT);
    }

    @Test
    void whatIsWrongWithTheSchemaIsNamed() throws IOException {
        StockSqlite.run(file(), "CREATE VIEW spy AS SELECT 1;");
        assertThat(damage(null).damage()).isEqualTo(Damage.SCHEMA);
        assertThat(damage(null))
                .hasMessage("the database holds 'spy', not the table"
                        + " message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)");

        Files.delete(file());
        StockSqlite.run(file(), TABLE + "CREATE TABLE other(x);");
        assertThat(damage(null)).hasMessage("the database holds 'other' beside the table 'message'");

        Files.delete(file());
        StockSqlite.run(file(), "CREATE TABLE gone(x); DROP TABLE gone;");
        assertThat(damage(null)).hasMessage("the database has no table 'message'");
    }

    @Test
    void aSchemaTextMadeToWearOutTheMatcherIsRefusedSoon() throws IOException {
        for (String filler : List.of(" ".repeat(300_000), " \t\n".repeat(100_000))) {
            Files.deleteIfExists(file());
            StockSqlite.run(
                    file(),
                    table("id INTEGER PRIMARY KEY, time" + filler + "INTEGER" + filler + "NOT NULL, key, headers TEXT"
                            + filler + ", payload CHECK (1)"));
            assertThat(damage(null).damage()).isEqualTo(Damage.SCHEMA);
        }
    }

    @Test
    void aRowWithoutPayloadIsRefusedAndNamed() throws IOException {
        StockSqlite.run(file(), TABLE + ROW + "INSERT INTO message VALUES(2, 17, 'key', '{}', NULL);");

        assertThat(damage(null).damage()).isEqualTo(Damage.CONTENT);
        assertThat(damage(null)).hasMessage("message 2 has no payload (NULL)");
    }

    @Test
    void numbersAreDeliveredAsTheirText() throws IOException {
        List<StoredMessage> found = read(TABLE
                + "INSERT INTO message VALUES(1, 1, 42, NULL, 42);"
                + "INSERT INTO message VALUES(2, 2, 1.5, NULL, -1.5);"
                + "INSERT INTO message VALUES(3, 3, -9223372036854775808, NULL, 9223372036854775807);"
                + "INSERT INTO message VALUES(4, 4, x'6b6579', NULL, 0);");

        assertThat(rows(found))
                .containsExactly(
                        Row.of(message(1, "42", null, "42")),
                        Row.of(message(2, "1.5", null, "-1.5")),
                        Row.of(message(3, "-9223372036854775808", null, "9223372036854775807")),
                        Row.of(message(4, "key", null, "0")));
    }

    @Test
    void aTimeThatIsNoneIsTakenForTheNearestThatCanBe() throws IOException {
        List<StoredMessage> found =
                read("CREATE TABLE message(id INTEGER PRIMARY KEY, time, key, headers TEXT, payload);"
                        + "INSERT INTO message VALUES(1, NULL, 'k', 'h', 'none');"
                        + "INSERT INTO message VALUES(2, 'noon', 'k', 'h', 'word');"
                        + "INSERT INTO message VALUES(3, '12', 'k', 'h', 'text');"
                        + "INSERT INTO message VALUES(4, 1.9, 'k', 'h', 'real');"
                        + "INSERT INTO message VALUES(5, x'3132', 'k', 'h', 'blob');"
                        + "INSERT INTO message VALUES(6, 9223372036854775807, 'k', 'h', 'most');"
                        + "INSERT INTO message VALUES(7, -9223372036854775808, 'k', 'h', 'least');"
                        + "INSERT INTO message VALUES(8, 1e300, 'k', 'h', x'00');");

        assertThat(found)
                .extracting(StoredMessage::timeMillis)
                .containsExactly(0L, 0L, 12L, 1L, 12L, 1L << 58, -(1L << 58), 1L << 58);
        assertThat(found).extracting(StoredMessage::key).containsOnly("k");
        assertThat(found).extracting(StoredMessage::headers).containsOnly("h");
        assertThat(found)
                .extracting(StoredMessage::text)
                .containsExactly(true, true, true, true, true, true, true, false);
    }

    @Test
    void textWithNulAndEmojiComesWhole() throws IOException {
        List<StoredMessage> found = read(TABLE
                + "INSERT INTO message VALUES(1, 0, 'a' || char(0) || 'b', NULL, 'c' || char(0) || 'd');"
                + "INSERT INTO message VALUES(2, 0, char(128512), NULL, char(128512));"
                + "INSERT INTO message VALUES(3, 0, '', '', x'');");

        assertThat(rows(found))
                .containsExactly(
                        Row.of(message(0, "a\0b", null, "c\0d")),
                        Row.of(message(0, "\ud83d\ude00", null, "\ud83d\ude00")),
                        Row.of(new StoredMessage(0, "", "", new byte[0], false)));
    }

    @Test
    void largePayloadsAndManyRowsComeWhole() throws IOException {
        List<StoredMessage> found = read(TABLE
                + "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000)"
                + " INSERT INTO message SELECT x, x, 'k' || x, NULL, 'payload ' || x FROM n;"
                + "INSERT INTO message VALUES(20001, 0, NULL, NULL, zeroblob(3000000));");

        assertThat(found).hasSize(20_001);
        assertThat(found.get(12_344).key()).isEqualTo("k12345");
        assertThat(new String(found.get(19_999).payload(), UTF_8)).isEqualTo("payload 20000");
        assertThat(found.get(20_000).payload()).isEqualTo(new byte[3_000_000]);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "PRAGMA page_size=512;",
                "PRAGMA page_size=65536;",
                "PRAGMA auto_vacuum=FULL;",
                "PRAGMA auto_vacuum=INCREMENTAL;",
                "PRAGMA application_id=99; PRAGMA user_version=99;",
                "CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(100000)); DROP TABLE t;"
            })
    void howTheDatabaseWasSetUpDoesNotMatter(String setUp) throws IOException {
        List<StoredMessage> found = read(setUp + TABLE + ROW);

        assertThat(rows(found)).containsExactly(Row.of(message(17, "key", "{}", "payload")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"UTF-16le", "UTF-16be"})
    void textInUtf16IsRefused(String encoding) throws IOException {
        StockSqlite.run(file(), "PRAGMA encoding='" + encoding + "';" + TABLE + ROW + OURS);

        for (BatchSeal seal : Arrays.asList(null, forgedSeal(file(), 1))) {
            assertThat(damage(seal)).hasMessage("the database's text encoding is not UTF-8");
            assertThat(damage(seal).damage()).isEqualTo(Damage.FORMAT);
        }
    }

    @Test
    void aDatabaseThatWasLeftInWalModeIsRefused() throws IOException {
        StockSqlite.run(file(), "PRAGMA journal_mode=WAL;" + TABLE + ROW);

        assertThat(damage(null).damage()).isEqualTo(Damage.WAL);
        assertThat(damage(null)).hasMessage("the database is in WAL mode; set journal_mode=DELETE first");
    }

    @Test
    void filesThatLieBesideAreNeitherReadNorRemoved() throws IOException {
        StockSqlite.run(file(), TABLE + ROW);
        byte[] before = Files.readAllBytes(file());
        List<String> beside = List.of("foreign-journal", "foreign-shm", "foreign-wal");
        for (String name : beside) {
            byte[] bytes = new byte[2048];
            Arrays.fill(bytes, (byte) 0x5a);
            ByteBuffer.wrap(bytes).putLong(0xd9d505f920a163d7L).putInt(1);
            Files.write(folder.resolve(name), bytes);
        }

        assertThat(engine().read(file(), null)).hasSize(1);

        assertThat(file()).hasBinaryContent(before);
        assertThat(namesIn(folder)).containsExactly("foreign", "foreign-journal", "foreign-shm", "foreign-wal");
    }

    @Test
    void aForeignFileCutOffAnywhereIsRefused() throws IOException {
        byte[] content = foreignOfSeveralPages();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int length = content.length - 1;
        while (length > 0) {
            Files.write(file(), Arrays.copyOf(content, length));
            assertThat(damage(null).damage())
                    .as("seed %d, %d bytes", seed, length)
                    .isIn(Damage.SIZE, Damage.CORRUPT, Damage.FORMAT);
            length = length % 4096 == 0
                    ? length - 1 - random.nextInt(500)
                    : Math.max(length - 900, length / 4096 * 4096);
        }
    }

    @Test
    void theMissingEndOfAFileIsNotTakenForZeros() throws IOException {
        StockSqlite.run(file(), TABLE + "INSERT INTO message VALUES(1, 17, 'key', '{}', hex(zeroblob(4500)));");
        byte[] content = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(content, content.length - 4000));

        assertThat(damage(null).damage()).isIn(Damage.SIZE, Damage.CORRUPT);
    }

    /** As files of SQLite before 3.7.0 are: the page count in the header is not valid, the file's length counts. */
    @Test
    void theMissingEndOfAFileThatDoesNotCountItsPagesIsNotTakenForZerosEither() throws IOException {
        StockSqlite.run(file(), TABLE + "INSERT INTO message VALUES(1, 17, 'key', '{}', hex(zeroblob(4500)));");
        byte[] content = Files.readAllBytes(file());
        ByteBuffer.wrap(content).putInt(92, ByteBuffer.wrap(content).getInt(24) - 1);
        Files.write(file(), content);
        assertThat(engine().read(file(), null)).hasSize(1);

        Files.write(file(), Arrays.copyOf(content, content.length - 4000));

        assertThat(damage(null).damage()).isIn(Damage.SIZE, Damage.CORRUPT);
    }

    @Test
    void aForeignFileWithFlippedBitsIsReadOrRefusedAndTheDiskIsNotBlamed() throws IOException {
        byte[] content = foreignOfSeveralPages();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 700; i++) {
            byte[] flipped = content.clone();
            int position = i < 200 ? i : random.nextInt(content.length);
            flipped[position] ^= (byte) (1 << random.nextInt(8));
            Files.write(file(), flipped);

            Throwable thrown = catchThrowable(() -> engine().read(file(), null));
            if (thrown != null) {
                refused++;
                assertThat(thrown).as("seed %d, byte %d", seed, position).isInstanceOf(DamagedBatchException.class);
            }
        }
        assertThat(refused).as("seed %d: files refused", seed).isPositive();
    }

    private byte[] foreignOfSeveralPages() throws IOException {
        StockSqlite.run(
                file(),
                TABLE + "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300)"
                        + " INSERT INTO message SELECT x, x, 'k' || x, NULL,"
                        + " CASE WHEN x % 50 = 0 THEN hex(zeroblob(3000)) ELSE 'payload ' || x END FROM n;");
        return Files.readAllBytes(file());
    }

    /** Every child of the root is made the same page: without a look at the ids its rows would be delivered again. */
    @Test
    void aTreeThatShowsAPageAgainAndAgainIsRefused() throws IOException {
        byte[] content = foreignOfSeveralPages();
        ByteBuffer root = ByteBuffer.wrap(content, 4096, 4096).slice();
        assertThat(root.get(0)).as("interior page").isEqualTo((byte) 5);
        int children = root.getShort(3);
        int again = root.getInt(root.getShort(12));
        List<Integer> cells = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            cells.add((int) root.getShort(12 + 2 * i));
        }
        cells.forEach(cell -> root.putInt(cell, again));
        root.putInt(8, again);
        Files.write(file(), content);

        assertThat(children).isPositive();
        assertThat(damage(null).damage()).isIn(Damage.CORRUPT, Damage.CONTENT);
    }
}
