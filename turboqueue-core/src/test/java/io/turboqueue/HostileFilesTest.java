package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases made to do harm end in {@code dead/}, and none of their SQL runs: what never ends would end as a timeout. */
@Timeout(120)
class HostileFilesTest {

    private static final String ENDLESS =
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id,"
                    + " 0 AS time, NULL AS key, NULL AS headers, 'x' AS payload FROM r";
    private static final String NAME = "5-20261121T155801123Z-hostile.db";

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue();
        publish(queue, "good");
    }

    @AfterEach
    void close() throws Exception {
        spool.close();
    }

    static Stream<Arguments> databases() {
        return Stream.of(
                hostile("an endless view", "schema", "CREATE VIEW message AS " + ENDLESS),
                hostile("an endless view beside the table", "schema", PlainSql.TABLE, "CREATE VIEW v AS " + ENDLESS),
                hostile(
                        "a trigger",
                        "schema",
                        PlainSql.TABLE,
                        "CREATE TRIGGER t AFTER INSERT ON message BEGIN DELETE FROM message; END"),
                hostile(
                        "a virtual table",
                        "schema",
                        "CREATE VIRTUAL TABLE message USING fts5(time, key, headers, payload)"),
                hostile(
                        "a generated column",
                        "schema",
                        "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT,"
                                + " payload AS (zeroblob(100000000)))"),
                hostile("an index on an expression", "schema", PlainSql.TABLE, "CREATE INDEX i ON message(abs(time))"),
                hostile(
                        "a check that computes",
                        "schema",
                        "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER,"
                                + " key, headers TEXT, payload CHECK(length(randomblob(100000000)) > 0))"),
                hostile("write-ahead logging", "wal", "PRAGMA journal_mode=WAL", PlainSql.TABLE),
                hostile(
                        "a name that commands a terminal",
                        "schema",
                        "CREATE TABLE \"\u001b]0;owned\u0007\nWARN all is well\"(a)"));
    }

    private static Arguments hostile(String what, String reason, String... statements) {
        return Arguments.of(what, reason, statements);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("databases")
    void itIsSetAsideAndTheNextBatchIsDelivered(String what, String reason, String[] statements) throws Exception {
        assertBuried(PlainSql.database(temp.resolve("made.db"), statements), reason);
    }

    @Test
    void aBlobOfThreeHundredMegabytesIsSetAsideUnread() throws Exception {
        Path made = PlainSql.database(
                temp.resolve("made.db"),
                PlainSql.TABLE,
                "INSERT INTO message VALUES(1, 0, NULL, NULL, zeroblob(300000000))");

        assertBuried(made, "size");
    }

    @Test
    void emptyRowsByTheMillionAreSetAsideForTheMemoryThatTheyTake() throws Exception {
        Path made = PlainSql.database(
                temp.resolve("made.db"),
                PlainSql.TABLE,
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000)"
                        + " INSERT INTO message(time, payload) SELECT 1, '' FROM n");

        assertBuried(made, "memory");
    }

    @Test
    void aBatchOfOursThatTakesMoreMemoryThanAllowedIsLeftForOthersAndDelaysNobody() throws Exception {
        TurboQueue<String> small = spool.queue("delivery.maxBatchMemory=1MiB", "batch.maxBytes=1KiB");
        publish(queue, "x".repeat(2_000_000));
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "last");

        assertThat(drain(small)).containsExactly("good", "last");
        assertThat(SpoolOnDisk.names(spool.files().dead("q"))).isEmpty();
        assertThat(SpoolOnDisk.names(spool.files().ready("q"))).hasSize(1).allMatch(name -> name.contains(".a0"));
        assertThat(drain(queue)).singleElement().asString().hasSize(2_000_000);
    }

    @Test
    void aConsumerReadsWhateverAProducerWithItsSettingsWrites() {
        QueueConfig config = TestSpool.config("delivery.maxBatchMemory=1MiB", "batch.maxBytes=1GiB");

        assertThat(config.maxBatchMemory()).isEqualTo(8L << 30);
        assertThat(TestSpool.config().maxBatchMemory()).isEqualTo(64L << 20);
        assertThat(TestSpool.config("delivery.maxBatchMemory=2GiB").maxBatchMemory())
                .isEqualTo(2L << 30);
    }

    @Test
    void aBatchNeverTakesMoreThanHalfOfTheHeap() {
        QueueConfig config = TestSpool.config();

        assertThat(ClaimSource.mostMemory(config, 1L << 30)).isEqualTo(64L << 20);
        assertThat(ClaimSource.mostMemory(config, 64L << 20)).isEqualTo(32L << 20);
    }

    private void assertBuried(Path made, String reason) throws Exception {
        Files.move(made, spool.files().ready("q").resolve(NAME));

        assertThat(drain(queue)).containsExactly("good");
        assertThat(SpoolOnDisk.names(spool.files().dead("q")))
                .containsExactly(NAME.replace(".db", "~" + reason + ".db"));
    }
}
