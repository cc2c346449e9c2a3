package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "skipped", "a", "b,\"c\"").done(1).ready();
        spool.batch("flights", 2)
                .age(Duration.ofMinutes(1))
                .with(CliSpool.message("LAX", null, "d"), CliSpool.blob(0xff))
                .ready();
        spool.batch("flights", 3, "dead").dead("attempts");
        return spool;
    }

    @Test
    void aTerminalGetsATable() throws IOException {
        Result result = CliRun.in(some())
                .terminal()
                .run("sql", "flights", "select id, key, payload from message order by batch, id");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("""
                        id  key  payload
                         2  -    a
                         3  -    b,"c"
                         1  LAX  d
                         2  -    (1 bytes)
                        """);
    }

    @Test
    void aPipeGetsTabsWithoutAHeading() throws IOException {
        assertThat(CliRun.in(some())
                        .run("sql", "flights", "select batch, time, count(*) from message group by 1 order by 1")
                        .bars())
                .isEqualTo("""
                        x9k2m4q7d3w5a-00000001|1795261800000|2
                        x9k2m4q7d3w5a-00000002|1795261800000|2
                        """);
    }

    @Test
    void csvHasAHeadingAndQuotes() throws IOException {
        assertThat(CliRun.in(some())
                        .run("sql", "--batch", "00000001", "--csv", "select id, key, payload from message")
                        .out())
                .isEqualTo("id,key,payload\n1,,skipped\n2,,a\n3,,\"b,\"\"c\"\"\"\n");
    }

    @Test
    void jsonAndNdjsonUseTheColumnsNames() throws IOException {
        CliSpool spool = some();
        String query = "select id as n, key, payload from message where id = 1";

        assertThat(CliRun.in(spool).run("sql", "flights", query, "--json").out())
                .isEqualTo("{\"rows\":[{\"n\":1,\"key\":\"LAX\",\"payload\":\"d\"}]}\n");
        assertThat(CliRun.in(spool).run("sql", "flights", query, "--ndjson").out())
                .isEqualTo("{\"n\":1,\"key\":\"LAX\",\"payload\":\"d\"}\n");
    }

    @Test
    void theColumnsOfTheTableArePinned() throws IOException {
        assertThat(CliRun.in(some())
                        .run("sql", "flights", "--csv", "select * from message")
                        .lines()
                        .get(0))
                .isEqualTo("batch,id,time,key,headers,payload");
    }

    @Test
    void otherStatesCanBeNamed() throws IOException {
        assertThat(CliRun.in(some())
                        .run("sql", "flights", "--state", "dead", "select payload from message")
                        .out())
                .isEqualTo("dead\n");
    }

    @Test
    void noRowsAreThree() throws IOException {
        Result result = CliRun.in(some()).run("sql", "flights", "select * from message where 0", "--json");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("{\"rows\":[]}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from message",
                "pragma query_only=0",
                "attach 'x' as y",
                "insert into message(id) values(1)",
                "with x as (select 1) delete from message",
                "select 1; delete from message",
                "",
                "select nonsense from message"
            })
    void whatIsNoQueryIsAUsageErrorInOneLine(String statement) throws IOException {
        Result result = CliRun.in(some()).run("sql", "flights", statement);

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).doesNotContain("\tat ");
    }

    @Test
    void aQueueAndABatchTogetherOrNeitherIsAUsageError() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool).run("sql", "select 1").exit()).isEqualTo(2);
        assertThat(CliRun.in(spool)
                        .run("sql", "flights", "select 1", "--batch", "00000001")
                        .exit())
                .isEqualTo(2);
        assertThat(CliRun.in(spool).run("sql").exit()).isEqualTo(2);
    }

    @Test
    void aDamagedBatchIsLeftOutAndToldOf() throws IOException {
        CliSpool spool = some();
        CliSpool.flip(spool.batch("flights", 4, "x").ready(), 8000);

        Result all = CliRun.in(spool).run("sql", "flights", "select count(*) from message");
        Result one = CliRun.in(spool).run("sql", "--batch", "00000004", "select count(*) from message");

        assertThat(all.exit()).isEqualTo(4);
        assertThat(all.out()).isEqualTo("4\n");
        assertThat(all.err()).contains("is damaged and left out (crc)").hasLineCount(1);
        assertThat(one.exit()).isEqualTo(4);
        assertThat(one.err()).hasLineCount(1);
    }

    @Test
    void longCellsAreCutOnATerminalOnly() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "x".repeat(100)).ready();

        assertThat(CliRun.in(spool)
                        .terminal()
                        .run("sql", "flights", "select payload from message")
                        .lines())
                .contains("x".repeat(57) + "...");
        assertThat(CliRun.in(spool)
                        .run("sql", "flights", "select payload from message")
                        .line())
                .isEqualTo("x".repeat(100));
    }

    @Test
    void textOfOtherTypesReadsAsItIs() throws IOException {
        assertThat(CliRun.in(some())
                        .run("sql", "flights", "select 1.5, null, x'00ff', 'a' || char(9) || 'b'")
                        .bars())
                .isEqualTo("1.5||(2 bytes)|a b\n");
    }

    private static void foreign(CliSpool spool, String queue, String name, int... ids) throws Exception {
        Path ready = Files.createDirectories(spool.queue(queue).resolve("ready"));
        Path file = spool.folder().resolve("made.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)");
            for (int id : ids) {
                statement.execute("INSERT INTO message(id, payload) VALUES (" + id + ", 'p" + id + "')");
            }
        }
        Files.move(file, ready.resolve("5-20261121T110000000Z-" + name));
    }

    @Test
    void idsArePositionsWhateverTheFileSays() throws Exception {
        CliSpool spool = new CliSpool(temp);
        foreign(spool, "negative", "a.db", -5, -1, 0, 3);
        foreign(spool, "gaps", "b.a1.o2.db", 100, 200, 300, 400);
        foreign(spool, "both", "c.a1.o2.db", -3, -2, -1, 5);
        String query = "select id, payload from message order by id";

        assertThat(CliRun.in(spool).run("sql", "negative", query).bars()).isEqualTo("1|p-5\n2|p-1\n3|p0\n4|p3\n");
        assertThat(CliRun.in(spool).run("sql", "gaps", query).bars()).isEqualTo("3|p300\n4|p400\n");
        assertThat(CliRun.in(spool).run("sql", "both", query).bars()).isEqualTo("3|p-1\n4|p5\n");
        assertThat(CliRun.in(spool).run("cat", "both").out()).isEqualTo("p-1\np5\n");
    }

    private static final String ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n) ";

    @Test
    void aQueryThatNeverEndsIsStoppedInOneSentence() throws IOException {
        Result result = CliRun.in(some()).run("sql", "flights", "--timeout", "1s", ENDLESS + "select count(*) from n");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .contains("ran for longer than 1 s, which --timeout allows")
                .hasLineCount(1);
    }

    @Test
    void aQueryThatFillsTheDiskIsStoppedInOneSentence() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));

        Result result = CliRun.in(some())
                .run(
                        "sql",
                        "flights",
                        "--temp",
                        "20MiB",
                        ENDLESS + "select zeroblob(x % 7 + 10000) from n order by random()");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .contains("temporary files take more than the 20971520 bytes that --temp allows")
                .hasLineCount(1);
    }

    @Test
    void aValueThatIsTooLongIsRefusedInOneSentence() throws IOException {
        CliSpool spool = some();
        String query = "select length(zeroblob(3000000)) from message";

        Result result = CliRun.in(spool).run("sql", "flights", "--memory", "2MiB", query);

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("2097152 bytes that --memory allows").hasLineCount(1);
        assertThat(CliRun.in(spool).run("sql", "flights", query).exit()).isZero();
    }

    @Test
    void aTerminalIsNotFilledWithoutEnd() throws IOException {
        Result result = CliRun.in(some()).terminal().run("sql", "flights", ENDLESS + "select x from n");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("more than 100000 rows").hasLineCount(1);
    }

    @Test
    void aBatchWithAnotherNumberOfRowsThanItsNameSaysIsLeftOut() throws IOException {
        CliSpool spool = some();
        Path file = spool.batch("flights", 4, "x").ready();
        Files.move(file, file.resolveSibling(file.getFileName().toString().replace(".n1.", ".n2.")));

        Result result = CliRun.in(spool).run("sql", "flights", "select count(*) from message");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.out()).isEqualTo("4\n");
        assertThat(result.err()).contains("left out (rows)");
    }
}
