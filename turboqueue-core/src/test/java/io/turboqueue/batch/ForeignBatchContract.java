package io.turboqueue.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turboqueue.disk.Disk;
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
import org.junit.jupiter.params.provider.EnumSource;
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

    private static final String QUOTED = "SELECT quote(time), quote(key), quote(headers), quote(payload),"
            + " typeof(key), typeof(headers), typeof(payload) FROM message ORDER BY id";

    @Test
    void rowsOfAnyValuesGoIntoABatchOfOursAsTheyCame() throws IOException {
        List<StoredMessage> found = read(TABLE
                + "INSERT INTO message VALUES(1, 17, x'ff01', '{\"a\":1}', x'00ff');"
                + "INSERT INTO message VALUES(2, NULL, 7, 'not json', 42);"
                + "INSERT INTO message VALUES(3, 'yesterday', 1.5, x'ff00', -2.25);"
                + "INSERT INTO message VALUES(4, 9223372036854775807, CAST(x'ff' AS TEXT), CAST(x'fe' AS TEXT), 0);"
                + "INSERT INTO message VALUES(5, x'00', x'', x'7b7d', 1);"
                + "INSERT INTO message VALUES(6, 1e300, -9223372036854775808, NULL, CAST(x'ff' AS TEXT));"
                + "INSERT INTO message VALUES(7, -1.5, 'plain', NULL, 'plain');"
                + "INSERT INTO message VALUES(8, 3, 'text of no BLOB \ufffd', NULL, 'plain');");

        Sealed ours = write("ours", found);
        String expected = StockSqlite.query(file(), QUOTED);
        assertThat(StockSqlite.query(ours.file(), QUOTED)).isEqualTo(expected);
        assertThat(StockSqlite.query(ours.file(), "PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(rows(engine().read(ours.file(), ours.seal()))).isEqualTo(rows(found));

        Sealed again = write("again", engine().read(ours.file(), ours.seal()));
        assertThat(StockSqlite.query(again.file(), QUOTED)).isEqualTo(expected);
    }

    @Test
    void largeRowsOfAnyValuesGoIntoABatchOfOursAsTheyCame() throws IOException {
        StringBuilder statements = new StringBuilder(TABLE);
        for (int i = 1; i <= 40; i++) {
            statements
                    .append("INSERT INTO message VALUES(")
                    .append(i)
                    .append(", NULL, ")
                    .append(i % 2 == 0 ? "randomblob(3000)" : Integer.toString(i))
                    .append(", 'no json', randomblob(")
                    .append(1000 * i)
                    .append("));");
        }
        List<StoredMessage> found = read(statements.toString());

        Sealed ours = write("ours", found);

        assertThat(StockSqlite.query(ours.file(), QUOTED)).isEqualTo(StockSqlite.query(file(), QUOTED));
        assertThat(StockSqlite.query(ours.file(), "PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(rows(engine().read(ours.file(), ours.seal()))).isEqualTo(rows(found));
    }

    @Test
    void whatAColumnOfOursMakesANumberOfIsOne() throws IOException {
        List<StoredMessage> found = read("CREATE TABLE message(id INTEGER PRIMARY KEY, time, key, headers, payload);"
                + "INSERT INTO message VALUES(1, '17', 'k', 5, 'a');"
                + "INSERT INTO message VALUES(2, 18.0, 'k', 2.5, 'b');");

        Sealed ours = write("ours", found);

        assertThat(StockSqlite.query(ours.file(), QUOTED))
                .isEqualTo("17|'k'|'5'|'a'|text|text|text\n18|'k'|'2.5'|'b'|text|text|text");
        assertThat(StockSqlite.query(ours.file(), "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void otherHeadersLeaveTheRestOfARowAsItIs() throws IOException {
        List<StoredMessage> found = read(TABLE + "INSERT INTO message VALUES(1, NULL, 7, 'not json', 42);");

        Sealed ours = write("ours", List.of(found.get(0).withHeaders("{}")));

        assertThat(StockSqlite.query(ours.file(), QUOTED)).isEqualTo("NULL|7|'{}'|42|integer|text|integer");
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

    static Stream<Arguments> differences() {
        String tail =
                "; a batch has the table message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)";
        String id = "id INTEGER PRIMARY KEY, ";
        String types = ", not INTEGER, TEXT, BLOB, ANY, JSON or without a type";
        return Stream.of(
                other("the database has no table 'message'", "CREATE TABLE gone(x); DROP TABLE gone;"),
                other("the database has no table 'message', only the view 'spy'", "CREATE VIEW spy AS SELECT 1;"),
                other("'message' is no table but the view 'message'", "CREATE VIEW message AS SELECT 1;"),
                other(
                        "the database holds the table 'other' beside the table 'message'",
                        TABLE + "CREATE TABLE other(x);"),
                other(
                        "the database holds the table 'other' beside the table 'message'",
                        "CREATE TABLE other(x);" + TABLE),
                other(
                        "the database holds the index 'by_key' beside the table 'message'",
                        TABLE + "CREATE INDEX by_key ON message(key);"),
                other("'message' is a virtual, not a plain table" + tail, "CREATE VIRTUAL TABLE message USING dbstat;"),
                other("column time is VARCHAR" + types + tail, table(id + "time VARCHAR, key, headers TEXT, payload")),
                other(
                        "column key is VARCHAR ( 20 )" + types + tail,
                        table(id + "time INTEGER, \"key\" VARCHAR(20), headers TEXT, payload")),
                other(
                        "column payload is LONG TEXT" + types + tail,
                        table(id + "time INTEGER, key, headers TEXT, payload LONG TEXT NOT NULL")),
                other(
                        "column id is INT PRIMARY KEY, not INTEGER PRIMARY KEY" + tail,
                        table("id INT PRIMARY KEY, time INTEGER, key, headers TEXT, payload")),
                other(
                        "column id is INTEGER PRIMARY KEY AUTOINCREMENT, not INTEGER PRIMARY KEY",
                        table(id.replace(",", " AUTOINCREMENT,") + "time INTEGER, key, headers TEXT, payload")
                                + "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE name='sqlite_sequence';"),
                other(
                        "column id is without a type, not INTEGER PRIMARY KEY" + tail,
                        table("id, time INTEGER, key, headers TEXT, payload")),
                other("column 5 is body, not payload" + tail, table(id + "time INTEGER, key, headers TEXT, body")),
                other(
                        "the table 'message' has no column payload" + tail,
                        table(id + "time INTEGER, key, headers TEXT")),
                other(
                        "the table 'message' has a sixth column, more" + tail,
                        table(id + "time INTEGER, key, headers TEXT, payload, more")),
                other(
                        "the table 'message' has CHECK ( time > 0 )" + tail,
                        table(id + "time INTEGER, key, headers TEXT, payload, CHECK (time > 0)")),
                other(
                        "column payload has AS ( abs ( time ) )" + tail,
                        table(id + "time INTEGER, key, headers TEXT, payload AS (abs(time))")),
                other(
                        "column key has COLLATE NOCASE" + tail,
                        table(id + "time INTEGER, key COLLATE NOCASE, headers TEXT, payload")),
                other(
                        "column payload has DEFAULT 'a, b'" + tail,
                        table(id + "time INTEGER, key, headers TEXT, payload TEXT DEFAULT 'a, b'")),
                other(
                        "the table 'message' is STRICT" + tail,
                        TABLE.replace(");", ") STRICT;")
                                .replace("key,", "key ANY,")
                                .replace("payload)", "payload ANY)")),
                other("the table 'message' is WITHOUT ROWID" + tail, TABLE.replace(");", ") WITHOUT ROWID;")),
                other(
                        "the table 'message' is made by CREATE TABLE message(id INTEGER PRIMARY KEY, /* a comment */..."
                                + tail,
                        TABLE.replace("time", "/* a comment */ time")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differences")
    void whatIsWrongWithTheSchemaIsNamed(String message, String statements) throws IOException {
        StockSqlite.run(file(), statements);

        assertThat(damage(null).damage()).isEqualTo(Damage.SCHEMA);
        assertThat(damage(null)).hasMessageStartingWith(message);
    }

    @Test
    void aDatabaseThatHoldsNothingHasNoTable() throws IOException {
        StockSqlite.run(file(), "PRAGMA user_version=7;");
        byte[] content = Files.readAllBytes(file());
        ByteBuffer.wrap(content).putInt(44, 0).putInt(56, 0);
        Files.write(file(), content);

        assertThat(damage(null).damage()).isEqualTo(Damage.SCHEMA);
        assertThat(damage(null)).hasMessage("the database has no table 'message': it is empty");
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
                .containsExactly(0L, 0L, 12L, 1L, 12L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 58);
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
            assertThat(damage(seal)).hasMessage("the database's text encoding is " + encoding + ", not UTF-8");
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

    /** What a tree that is none may be made of. */
    enum Tree {
        EVERY_CHILD_THE_SAME,
        EVERY_CHILD_THE_ROOT,
        LAST_CHILD_THE_ROOT,
        A_CHILD_IS_THE_HEADER,
        A_CHILD_BEHIND_THE_END,
        A_LONG_LINE,
        A_WIDE_TREE_OF_ONE_LEAF
    }

    /** Without a look at the pages its rows would be delivered again and again. */
    @ParameterizedTest
    @EnumSource
    void aTreeThatIsNoneIsRefusedWithASealAndWithout(Tree tree) throws IOException {
        Files.write(file(), crafted(tree, foreignOfSeveralPages()));

        assertThat(damage(null).damage()).isIn(Damage.CORRUPT, Damage.CONTENT);
        assertThat(damage(null)).hasMessageNotContaining("in database batch");

        Files.delete(file());
        List<StoredMessage> messages = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            messages.add(text("payload " + i + "x".repeat(100)));
        }
        Sealed ours = write("ours", messages);
        Files.write(file(), crafted(tree, Files.readAllBytes(ours.file())));
        for (long rows : new long[] {300, 1_000_000_000}) {
            assertThat(damage(forgedSeal(file(), rows)).damage())
                    .as("%d rows", rows)
                    .isIn(Damage.CORRUPT, Damage.CONTENT);
        }
    }

    private static byte[] crafted(Tree tree, byte[] content) {
        ByteBuffer file = ByteBuffer.wrap(content);
        int root = rootOf(content);
        ByteBuffer page = ByteBuffer.wrap(content, (root - 1) * 4096, 4096).slice();
        assertThat(page.get(0)).as("interior page").isEqualTo((byte) 5);
        int children = page.getShort(3);
        assertThat(children).isPositive();
        int leaf = page.getInt(page.getShort(12));
        switch (tree) {
            case EVERY_CHILD_THE_SAME -> setChildren(page, children, leaf);
            case EVERY_CHILD_THE_ROOT -> setChildren(page, children, root);
            case LAST_CHILD_THE_ROOT -> page.putInt(8, root);
            case A_CHILD_IS_THE_HEADER -> page.putInt(page.getShort(12), 1);
            case A_CHILD_BEHIND_THE_END -> page.putInt(page.getShort(12), content.length / 4096 + 1);
            case A_LONG_LINE -> {
                return line(content, root, leaf);
            }
            case A_WIDE_TREE_OF_ONE_LEAF -> {
                setChildren(page, children, content.length / 4096 + 1);
                return lineOfWidePages(content, leaf);
            }
        }
        return file.array();
    }

    private static int rootOf(byte[] content) {
        for (int page = 2; page <= content.length / 4096; page++) {
            if (content[(page - 1) * 4096] == 5) {
                return page;
            }
        }
        throw new AssertionError("no interior page");
    }

    private static void setChildren(ByteBuffer page, int children, int child) {
        for (int i = 0; i < children; i++) {
            page.putInt(page.getShort(12 + 2 * i), child);
        }
        page.putInt(8, child);
    }

    /** Interior pages without a cell, each above the next: deeper than the stack of a thread. */
    private static byte[] line(byte[] content, int root, int leaf) {
        int before = content.length / 4096;
        int more = 20_000;
        ByteBuffer file = ByteBuffer.wrap(Arrays.copyOf(content, (before + more) * 4096));
        file.putInt(28, before + more).putInt((root - 1) * 4096 + 8, before + 1);
        for (int i = 0; i < more; i++) {
            int at = (before + i) * 4096;
            file.put(at, (byte) 5).putShort(at + 5, (short) 4096).putInt(at + 8, i == more - 1 ? leaf : before + i + 2);
        }
        return file.array();
    }

    /** Each shows the next a hundred times: more ways to the leaf than there are atoms. */
    private static byte[] lineOfWidePages(byte[] content, int leaf) {
        int before = content.length / 4096;
        int more = 15;
        ByteBuffer file = ByteBuffer.wrap(Arrays.copyOf(content, (before + more) * 4096));
        file.putInt(28, before + more);
        for (int i = 0; i < more; i++) {
            int at = (before + i) * 4096;
            int child = i == more - 1 ? leaf : before + i + 2;
            file.put(at, (byte) 5)
                    .putShort(at + 3, (short) 100)
                    .putShort(at + 5, (short) 3500)
                    .putInt(at + 8, child);
            for (int cell = 0; cell < 100; cell++) {
                file.putShort(at + 12 + 2 * cell, (short) (3500 + 5 * cell)).putInt(at + 3500 + 5 * cell, child);
                file.put(at + 3504 + 5 * cell, (byte) 1);
            }
        }
        return file.array();
    }

    @Test
    void rowsThatTakeMoreMemoryThanAllowedAreRefusedHoweverFewBytesTheyTakeInTheFile() throws IOException {
        StockSqlite.run(
                file(),
                TABLE + "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000)"
                        + " INSERT INTO message(payload) SELECT '' FROM n;");
        assertThat(Files.size(file())).isLessThan(2_000_000);

        Throwable thrown = catchThrowable(() -> engine().read(file(), null, 4_000_000));
        assertThat(thrown).hasMessage("its messages take more than the 4000000 bytes of memory allowed");
        assertThat(((DamagedBatchException) thrown).damage()).isEqualTo(Damage.MEMORY);
        assertThat(engine().read(file(), null, 20_000_000)).hasSize(100_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "headers", "payload"})
    void aValueThatTakesMoreMemoryThanAllowedIsRefusedUnread(String column) throws IOException {
        StockSqlite.run(file(), TABLE + ROW + "UPDATE message SET " + column + " = hex(zeroblob(1000000));");

        Throwable thrown = catchThrowable(() -> engine().read(file(), null, 1_500_000));
        assertThat(((DamagedBatchException) thrown).damage()).isEqualTo(Damage.MEMORY);
        assertThat(engine().read(file(), null, 10_000_000)).hasSize(1);
    }

    @Test
    void theEngineReadsAndWritesLargeValuesAfterOneThatWasNotAllowed() throws IOException {
        StockSqlite.run(file(), TABLE + "INSERT INTO message(payload) VALUES (zeroblob(3000000));");
        assertThat(engine().read(file(), null, 8_000_000)).hasSize(1);
        assertThat(catchThrowable(() -> engine().read(file(), null, 1_000_000)))
                .isInstanceOf(DamagedBatchException.class);

        List<StoredMessage> large = List.of(blob(new byte[5_000_000]));
        assertHolds(write("large", large), large);
    }

    @Test
    void aRowThatAnotherProgramMadeOfManyKindsCountsWithAllItsParts() throws IOException {
        StockSqlite.run(
                file(),
                TABLE + "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10000)"
                        + " INSERT INTO message SELECT x, 1.5, x, 2, 3 FROM n;");

        assertThat(catchThrowable(() -> engine().read(file(), null, 4_000_000)))
                .isInstanceOf(DamagedBatchException.class);
        assertThat(engine().read(file(), null, 20_000_000)).hasSize(10_000);
    }
}
