package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.protocol.BatchMoves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose writer has not closed it is half a transaction: it is set aside with what lies beside it. */
class UnfinishedDatabaseTest {

    private static final String NAME = "5-20261121T110000000Z-hot.db";
    private static final String DEAD = "5-20261121T110000000Z-hot~journal.db";
    private static final byte[] NOT_EMPTY = {1, 2, 3};

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

    private Path ready() {
        return spool.files().ready("q");
    }

    private Path dead() {
        return spool.files().dead("q");
    }

    private void database(Path place) throws Exception {
        Files.move(
                PlainSql.database(temp.resolve("made.db"), PlainSql.TABLE, "INSERT INTO message(payload) VALUES ('a')"),
                place);
    }

    /** A real journal: a writer with a cache of two pages died in a transaction. */
    private void hotDatabase() throws Exception {
        Path made = temp.resolve("made.db");
        PlainSql.database(
                made,
                PlainSql.TABLE,
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)"
                        + " INSERT INTO message(payload) SELECT 'committed ' || hex(zeroblob(200)) FROM n");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + made);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA cache_size=2");
            statement.execute("BEGIN");
            statement.execute("UPDATE message SET payload = 'uncommitted ' || id");
            Files.copy(temp.resolve("made.db-journal"), ready().resolve(NAME + "-journal"));
            Files.copy(made, ready().resolve(NAME));
        }
        Files.delete(made);
    }

    @Test
    void whatWasNotCommittedIsNeverDeliveredAndSqliteCanStillUndoIt() throws Exception {
        hotDatabase();

        assertThat(drain(queue)).containsExactly("good");
        assertThat(SpoolOnDisk.names(ready())).isEmpty();
        assertThat(SpoolOnDisk.names(dead())).containsExactlyInAnyOrder(DEAD, DEAD + "-journal");
        assertThat(queue.inspector().stats().foreign()).isZero();
        assertThat(drainAfterRedrive()).as("redriven with its journal").isEmpty();
        assertThat(SpoolOnDisk.names(dead())).containsExactlyInAnyOrder(DEAD, DEAD + "-journal");
        assertThatThrownBy(() -> queue.admin().salvage(dead().resolve(DEAD)))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining("open it once with sqlite3");

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dead().resolve(DEAD));
                Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT count(*) FROM message").close();
        }
        assertThat(SpoolOnDisk.names(dead())).containsExactly(DEAD);
        assertThat(drainAfterRedrive()).hasSize(1000).allMatch(payload -> payload.startsWith("committed "));
    }

    private List<String> drainAfterRedrive() throws Exception {
        assertThat(queue.redrive()).isEqualTo(1);
        return drain(queue);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-journal", "-wal", "-shm"})
    void anyFileThatAnOpenDatabaseHasBesideItCounts(String ending) throws Exception {
        database(ready().resolve(NAME));
        Files.write(ready().resolve(NAME + ending), NOT_EMPTY);

        assertThat(drain(queue)).containsExactly("good");
        assertThat(SpoolOnDisk.names(dead())).containsExactlyInAnyOrder(DEAD, DEAD + ending);
        assertThat(dead().resolve(DEAD + ending)).hasBinaryContent(NOT_EMPTY);
    }

    @Test
    void theJournalOfManyDatabasesGoesAlong() throws Exception {
        database(ready().resolve(NAME));
        Files.write(ready().resolve(NAME + "-journal"), NOT_EMPTY);
        Files.write(ready().resolve(NAME + "-mj0A1B2C3D9"), NOT_EMPTY);

        assertThat(drain(queue)).containsExactly("good");
        assertThat(SpoolOnDisk.names(dead())).containsExactlyInAnyOrder(DEAD, DEAD + "-journal", DEAD + "-mj0A1B2C3D9");
    }

    @Test
    void aLinkOrFolderInTheJournalsPlaceIsNotOpened() throws Exception {
        database(ready().resolve(NAME));
        Files.createSymbolicLink(ready().resolve(NAME + "-journal"), temp);

        assertThat(drain(queue)).containsExactly("good");
        assertThat(SpoolOnDisk.names(dead())).contains(DEAD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 512})
    void aJournalThatWasEndedIsNone(int zeros) throws Exception {
        database(ready().resolve(NAME));
        Files.write(ready().resolve(NAME + "-journal"), new byte[zeros]);

        assertThat(drain(queue)).containsExactlyInAnyOrder("a", "good");
    }

    @Test
    void theOwnerThatDiedBeforeItLookedHidesNothing() throws Exception {
        database(ready().resolve(NAME.replace(".db", ".a1.f1.db")));
        Files.write(ready().resolve(NAME + "-journal"), NOT_EMPTY);

        assertThat(drain(queue)).containsExactly("good");
        assertThat(SpoolOnDisk.names(dead()))
                .containsExactlyInAnyOrder(
                        NAME.replace(".db", ".a1.f1.x0~journal.db"),
                        NAME.replace(".db", ".a1.f1.x0~journal.db-journal"));
    }

    @Test
    void aJournalThatStayedInLaterCounts() throws Exception {
        Path later = Files.createDirectories(spool.files().later("q"));
        database(later.resolve(NAME));
        Files.write(later.resolve(NAME + "-journal"), NOT_EMPTY);

        assertThat(drain(queue)).containsExactly("good");
        assertThat(SpoolOnDisk.names(later)).isEmpty();
        assertThat(SpoolOnDisk.names(dead())).containsExactlyInAnyOrder(DEAD, DEAD + "-journal");
    }

    @Test
    void peekRefusesItToo() throws Exception {
        database(ready().resolve(NAME));
        Files.write(ready().resolve(NAME + "-journal"), NOT_EMPTY);

        assertThatThrownBy(() -> queue.inspector().peek(10))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining("its writer had not closed it");
    }

    @Test
    void operatorsMoveItWithItsJournalOrNotAtAll() throws Exception {
        database(ready().resolve(NAME));
        Files.write(ready().resolve(NAME + "-journal"), NOT_EMPTY);
        QueueFolder here = new QueueFolder(spool.spool().folder().resolve("q"), new QueueName("q"));
        QueueFolder there = new QueueFolder(spool.spool().folder().resolve("other"), new QueueName("other"));
        BatchName batch = BatchName.parse(NAME).orElseThrow();
        BatchMoves operator = new BatchMoves(new LocalDisk());

        assertThatThrownBy(() -> operator.move(here, BatchState.READY, NAME, there))
                .isInstanceOf(IOException.class);
        assertThat(operator.hold(here, BatchState.READY, batch)).isTrue();
        assertThat(SpoolOnDisk.names(here.of(BatchState.HELD))).containsExactlyInAnyOrder(NAME, NAME + "-journal");
        assertThat(operator.release(here, batch, Long.MAX_VALUE)).isTrue();
        assertThat(drain(queue)).containsExactly("good");
        assertThat(operator.delete(here.dead(new DeadName(batch, "journal")))).isTrue();
        assertThat(SpoolOnDisk.names(dead())).isEmpty();
    }

    @Test
    void aBatchOfThisLibraryIsNotLookedAt() throws Exception {
        Path ours = SpoolOnDisk.only(ready());
        Files.write(ready().resolve(ours.getFileName() + "-journal"), NOT_EMPTY);

        assertThat(drain(queue)).containsExactly("good");
    }
}
