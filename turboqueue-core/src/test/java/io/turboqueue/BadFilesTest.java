package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever lies in ready/, the queue continues, nothing is lost and nothing else is touched. */
class BadFilesTest {

    /** Comes before everything that is published. */
    private static final String FIRST = "0-20010101T000000000Z-odd";

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private Path ready() {
        return spool.files().ready("q");
    }

    private Path dead() {
        return spool.files().dead("q");
    }

    private void assertBuried(String reason) throws IOException {
        assertThat(SpoolOnDisk.names(dead())).hasSize(1).allMatch(name -> name.endsWith("~" + reason + ".db"));
        assertThat(SpoolOnDisk.names(ready())).isEmpty();
        assertThat(SpoolOnDisk.names(spool.files().later("q"))).isEmpty();
        assertThat(spool.files().onOwners()).isEmpty();
        assertThat(queue.inspector().stats().dead().batches()).isEqualTo(1);
        assertThat(queue.inspector().stats().foreign()).isZero();
    }

    /** Something is done to a published file. */
    interface Harm {
        void to(Path batch) throws Exception;
    }

    static Stream<Arguments> harms() {
        return Stream.of(
                harm("cut in half", "size", batch -> cut(batch, Files.size(batch) / 2)),
                harm("cut by a byte", "size", batch -> cut(batch, Files.size(batch) - 1)),
                harm("emptied", "size", batch -> cut(batch, 0)),
                harm("cut within its header", "size", batch -> cut(batch, 50)),
                harm("first byte changed", "format", batch -> flip(batch, 0)),
                harm("a byte in the header changed", "crc", batch -> flip(batch, 24)),
                harm("a byte in the middle changed", "crc", batch -> flip(batch, Files.size(batch) / 2)),
                harm("last byte changed", "crc", batch -> flip(batch, Files.size(batch) - 1)),
                harm("switched to WAL", "wal", batch -> flip(batch, 18, 1 ^ 2)),
                harm("zeroed", "format", batch -> Files.write(batch, new byte[(int) Files.size(batch)])),
                harm(
                        "overwritten by text",
                        "format",
                        batch -> Files.write(
                                batch, "x".repeat((int) Files.size(batch)).getBytes(StandardCharsets.US_ASCII))),
                harm("name says more rows", "rows", batch -> rename(batch, ".n2.", ".n3.")),
                harm("name says fewer rows", "rows", batch -> rename(batch, ".n2.", ".n1.")),
                harm("name says no rows", "rows", batch -> rename(batch, ".n2.", ".n0.")),
                harm("name says more bytes", "size", batch -> rename(batch, ".b", ".b9")),
                harm("name says that more is done than there is", "rows", batch -> rename(batch, ".a0", ".a0.o3")));
    }

    private static Arguments harm(String what, String reason, Harm harm) {
        return Arguments.of(what, reason, harm);
    }

    private static void cut(Path batch, long length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(batch.toFile(), "rw")) {
            file.setLength(length);
        }
    }

    private static void flip(Path batch, long position) throws IOException {
        flip(batch, position, 0x40);
    }

    private static void flip(Path batch, long position, int bits) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(batch.toFile(), "rw")) {
            file.seek(position);
            int old = file.read();
            file.seek(position);
            file.write(old ^ bits);
        }
    }

    private static void rename(Path batch, String part, String replacement) throws IOException {
        String name = batch.getFileName().toString();
        Files.move(batch, batch.resolveSibling(name.replace(part, replacement)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("harms")
    void aDamagedBatchGoesToDeadAndTheNextIsDelivered(String what, String reason, Harm harm) throws Exception {
        publish(queue, "damaged", "too");
        harm.to(SpoolOnDisk.only(ready()));
        byte[] before = Files.readAllBytes(SpoolOnDisk.only(ready()));
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "whole");

        assertThat(drain(queue)).as(what).containsExactly("whole");
        assertBuried(reason);
        assertThat(Files.readAllBytes(SpoolOnDisk.only(dead()))).isEqualTo(before);
    }

    @Test
    void bytesBehindTheContentAreNotContent() throws Exception {
        publish(queue, "a");
        Files.write(SpoolOnDisk.only(ready()), new byte[10_000], StandardOpenOption.APPEND);

        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void aDamagedBatchThatIsRedrivenIsBuriedAgain() throws Exception {
        publish(queue, "a");
        flip(SpoolOnDisk.only(ready()), 200);
        assertThat(drain(queue)).isEmpty();
        assertThat(queue.redrive()).isEqualTo(1);
        assertThat(drain(queue)).isEmpty();
        assertBuried("crc");
    }

    /** Makes something under a batch's name. */
    interface Maker {
        /** The path in ready/ if the name does not matter. */
        void at(Path temp, Path place) throws Exception;
    }

    static Stream<Arguments> oddities() {
        return Stream.of(
                odd("empty file", "size", (temp, place) -> Files.createFile(place)),
                odd("short text", "size", (temp, place) -> Files.writeString(place, "no database")),
                odd("long text", "format", (temp, place) -> Files.writeString(place, "no database ".repeat(1000))),
                odd(
                        "folder",
                        "type",
                        (temp, place) ->
                                Files.writeString(Files.createDirectory(place).resolve("inside"), "x")),
                odd("pipe", "type", (temp, place) -> run("mkfifo", place.toString())),
                odd(
                        "link to nowhere",
                        "type",
                        (temp, place) -> Files.createSymbolicLink(place, temp.resolve("nowhere"))),
                odd("link to a folder", "type", (temp, place) -> Files.createSymbolicLink(place, temp)),
                odd("link to itself", "type", (temp, place) -> Files.createSymbolicLink(place, place)),
                sql("no table", "schema", "CREATE TABLE x(y)", "DROP TABLE x"),
                sql("another table", "schema", "CREATE TABLE x(y)"),
                sql("a table too many", "schema", PlainSql.TABLE, "CREATE TABLE x(y)"),
                sql("an index", "schema", PlainSql.TABLE, "CREATE INDEX i ON message(time)"),
                sql(
                        "a trigger",
                        "schema",
                        PlainSql.TABLE,
                        "CREATE TRIGGER t AFTER INSERT ON message BEGIN SELECT 1; END"),
                sql(
                        "a view",
                        "schema",
                        "CREATE VIEW message AS SELECT 1 AS id, 2 AS time, 3 AS key, 4 AS headers," + " 5 AS payload"),
                sql(
                        "a column too few",
                        "schema",
                        "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, payload)"),
                sql(
                        "a computed column",
                        "schema",
                        "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key,"
                                + " headers TEXT, payload AS (hex(key)))"),
                sql(
                        "a virtual table",
                        "schema",
                        "CREATE VIRTUAL TABLE message USING fts5(id, time, key, headers," + " payload)"),
                sql(
                        "a table without rowid",
                        "schema",
                        "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key,"
                                + " headers TEXT, payload) WITHOUT ROWID"),
                sql("no payload", "content", PlainSql.TABLE, "INSERT INTO message(payload) VALUES ('a'), (NULL)"),
                sql(
                        "UTF-16",
                        "format",
                        "PRAGMA encoding='UTF-16'",
                        PlainSql.TABLE,
                        "INSERT INTO message(payload) VALUES ('a')"),
                odd("WAL", "wal", (temp, place) -> {
                    Path file = PlainSql.database(
                            temp.resolve("made.db"),
                            "PRAGMA journal_mode=WAL",
                            PlainSql.TABLE,
                            "INSERT INTO message(payload) VALUES ('a')");
                    Files.move(file, place);
                }),
                odd("broken pages", "corrupt", (temp, place) -> {
                    Path file = PlainSql.database(
                            temp.resolve("made.db"),
                            PlainSql.TABLE,
                            "INSERT INTO message(payload) VALUES (zeroblob(100000))");
                    byte[] bytes = Files.readAllBytes(file);
                    Arrays.fill(bytes, 4096, bytes.length, (byte) 0x55);
                    Files.write(file, bytes);
                    Files.move(file, place);
                }));
    }

    private static Arguments odd(String what, String reason, Maker maker) {
        return Arguments.of(what, reason, maker);
    }

    private static Arguments sql(String what, String reason, String... statements) {
        Maker maker = (temp, place) -> Files.move(PlainSql.database(temp.resolve("made.db"), statements), place);
        return Arguments.of(what, reason, maker);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("oddities")
    void whatIsNoBatchGoesToDeadAndTheNextIsDelivered(String what, String reason, Maker maker) throws Exception {
        publish(queue, "whole");
        maker.at(temp, ready().resolve(FIRST + ".db"));

        assertThat(drain(queue)).as(what).containsExactly("whole");
        assertBuried(reason);
    }

    @Test
    void aLinkIsNeverFollowed() throws Exception {
        publish(queue, "secret");
        Path target = temp.resolve("target.db");
        Files.move(SpoolOnDisk.only(ready()), target);
        Files.createSymbolicLink(ready().resolve(FIRST + ".db"), target);
        Files.createSymbolicLink(ready().resolve(PlainSql.sealedName(FIRST, target, 1)), target);
        byte[] before = Files.readAllBytes(target);
        publish(queue, "whole");

        assertThat(drain(queue)).containsExactly("whole");
        assertThat(SpoolOnDisk.names(dead())).hasSize(2).allMatch(name -> name.endsWith("~type.db"));
        for (String name : SpoolOnDisk.names(dead())) {
            assertThat(Files.isSymbolicLink(dead().resolve(name))).isTrue();
        }
        assertThat(Files.readAllBytes(target)).isEqualTo(before);
    }

    @Test
    void aDatabaseWithATrueSealButWithoutOurMarkIsNotOurs() throws Exception {
        publish(queue, "whole");
        Path file =
                PlainSql.database(temp.resolve("made.db"), PlainSql.TABLE, "INSERT INTO message(payload) VALUES ('a')");
        Files.move(file, ready().resolve(PlainSql.sealedName(FIRST, file, 1)));

        assertThat(drain(queue)).containsExactly("whole");
        assertBuried("format");
    }

    @Test
    void aBatchOfANewerReleaseIsLeftForThatRelease() throws Exception {
        publish(queue, "whole");
        Path file = PlainSql.database(
                temp.resolve("made.db"),
                "PRAGMA application_id=" + 0x54757251,
                "PRAGMA user_version=2",
                "CREATE TABLE something_new(x)");
        String name = PlainSql.sealedName(FIRST, file, 1);
        Files.move(file, ready().resolve(name));

        try (QueueConsumer<String> consumer = queue.consumer()) {
            assertThat(payloads(claim(consumer))).containsExactly("whole");
            spool.time().advance(Duration.ofMinutes(1));
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            publish(queue, "next");
            assertThat(payloads(claim(consumer))).containsExactly("next");
        }
        assertThat(SpoolOnDisk.names(ready())).containsExactly(name);
        assertThat(SpoolOnDisk.names(dead())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "readme.txt",
                ".hidden",
                "5-20261121T120000000Z-x.db.tmp",
                "5-20261121T120000000Z-x.db-journal",
                "5-20261121T120000000Z-x.db-wal",
                "5-20261121T120000000Z-.db",
                "5-20261321T120000000Z-x.db",
                "5-2026-11-21T12:00:00Z-x.db",
                "X-20261121T120000000Z-x.db",
                "5-20261121T120000000Z-x.n1.b10.cABCDEF01.a0.db",
                "5-20261121T120000000Z-x.n01.b10.cabcdef01.a0.db",
                "5-20261121T120000000Z-x.a0.db",
                "5-20261121T120000000Z-x.n1.b10.db",
                "5-20261121T120000000Z-x~crc.db",
                "loading~q~x.db",
                "claimed~00000000~q~5-20261121T120000000Z-x.db",
                ".nfs000000000123",
                "new\nline.db"
            })
    void aNameThatIsNoBatchesIsIgnoredCountedAndNeverTouched(String name) throws Exception {
        publish(queue, "whole");
        Path odd = Files.writeString(ready().resolve(name), "mine");
        Files.setLastModifiedTime(odd, FileTime.fromMillis(1_000_000_000_000L));

        assertThat(drain(queue)).containsExactly("whole");
        spool.time().advance(Duration.ofDays(1));
        assertThat(drain(queue)).isEmpty();
        assertThat(queue.redrive()).isZero();
        assertThat(queue.inspector().stats().foreign()).isEqualTo(1);
        assertThat(queue.inspector().stats().ready().batches()).isZero();
        assertThat(odd).hasContent("mine");
        assertThat(Files.getLastModifiedTime(odd)).isEqualTo(FileTime.fromMillis(1_000_000_000_000L));
    }

    @Test
    void aNameThatIsNotUtf8IsIgnored() throws Exception {
        publish(queue, "whole");
        run("sh", "-c", "cd '" + ready() + "' && echo mine > \"$(printf '5-20261121T120000000Z-\\377.db')\"");

        assertThat(drain(queue)).containsExactly("whole");
        assertThat(queue.inspector().stats().foreign()).isEqualTo(1);
    }

    @Test
    void oddNamesInLaterAndDeadAreLeftAlone() throws Exception {
        TurboQueue<String> once = spool.queue("delivery.maxAttempts=1");
        publish(once, "a", "b");
        try (QueueConsumer<String> consumer = once.consumer()) {
            claim(consumer).nack();
        }
        Path inDead = Files.writeString(dead().resolve("5-20261121T120000000Z-x.db"), "mine");
        Files.createDirectory(spool.files().later("q"));
        Path inLater = Files.writeString(spool.files().later("q").resolve("5-20261121T110000000Z-x~crc.db"), "mine");

        assertThat(queue.redrive()).isEqualTo(1);
        assertThat(drain(queue)).containsExactly("a", "b");
        assertThat(inDead).hasContent("mine");
        assertThat(inLater).hasContent("mine");
        assertThat(queue.inspector().stats().foreign()).isEqualTo(2);
    }

    @Test
    void aFloodOfOddNamesDoesNotHideTheBatches() throws Exception {
        publish(queue, "whole");
        Path drop = Files.createFile(temp.resolve("drop"));
        for (int i = 0; i < 4200; i++) {
            Files.createLink(ready().resolve("0-flood-" + i), drop);
        }

        assertThat(drain(queue)).containsExactly("whole");
        assertThat(queue.inspector().stats().foreign()).isEqualTo(4200);
    }

    @Test
    void manyDamagedBatchesInARowAreBuriedInOnePoll() throws Exception {
        TurboQueue<String> single = spool.queue("batch.maxMessages=1");
        publish(single, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "last");
        List<String> names = SpoolOnDisk.names(ready());
        for (String name : names.subList(0, 10)) {
            cut(ready().resolve(name), 0);
        }
        try (QueueConsumer<String> consumer = single.consumer()) {
            assertThat(payloads(claim(consumer))).containsExactly("last");
        }
        assertThat(SpoolOnDisk.names(dead())).hasSize(10);
    }

    @Test
    void aFileAmongTheQueuesFoldersIsLeftAlone() throws Exception {
        publish(queue, "a");
        Path note = Files.writeString(spool.files().queue("q").resolve("notes.txt"), "mine");

        assertThat(drain(queue)).containsExactly("a");
        assertThat(note).hasContent("mine");
        assertThat(Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void aNameTooLongToBeClaimedDoesNotStopTheQueue() throws Exception {
        String longest = "q".repeat(100);
        TurboQueue<String> named = spool.spool().queue(longest, Codecs.utf8());
        publish(named, "whole");
        String name = "0-20010101T000000000Z-" + "x".repeat(64)
                + ".n9999999999.b9999999999999.cffffffff.a9999.f9999.k9.x9999999999.db";
        Files.writeString(spool.files().ready(longest).resolve(name), "x");

        assertThat(drain(named)).containsExactly("whole");
    }
}
