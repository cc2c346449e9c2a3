package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import io.turboqueue.cli.support.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LsTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "aaa", "bbb").ready();
        spool.batch("flights", 2, "c").priority(0).age(Duration.ofMinutes(1)).ready();
        spool.batch("flights", 3, "d", "e", "f")
                .attempt(2)
                .age(Duration.ofMinutes(-5))
                .delayed();
        spool.batch("flights", 4, "g").done(0).age(Duration.ofHours(3)).held();
        spool.batch("flights", 5, "h", "i")
                .attempt(5)
                .failures(4)
                .done(1)
                .age(Duration.ofDays(1))
                .dead("attempts");
        spool.batch("mails", 6, "x".repeat(20_000)).age(Duration.ofHours(2)).dead("crc");
        return spool;
    }

    private static List<String> ids(CliSpool spool, String... words) {
        String[] args = new String[words.length + 1];
        args[0] = "ls";
        System.arraycopy(words, 0, args, 1, words.length);
        return CliRun.in(spool).run(args).lines().stream()
                .map(line -> line.split("\t", -1)[2])
                .map(id -> id.substring(id.length() - 1))
                .toList();
    }

    @Test
    void aTerminalGetsATable() throws IOException {
        Result result = CliRun.in(some())
                .terminal()
                .terminal(new Terminal(false, true, false, 130, 50))
                .run("ls", "flights");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("""
                        QUEUE    STATE    ID                        AGE  DUE                  PRI  ROWS     SIZE  TRIES  FAILED  DONE  NOTE
                        flights  ready    x9k2m4q7d3w5a-00000002     1m  2026-11-21 11:59:00    0     1  8.0 KiB      0       0     0  -
                        flights  dead     x9k2m4q7d3w5a-00000005     1d  2026-11-20 12:00:00    5     2  8.0 KiB      5       4     1  attempts
                        flights  held     x9k2m4q7d3w5a-00000004     3h  2026-11-21 09:00:00    5     1  8.0 KiB      0       0     0  -
                        flights  ready    x9k2m4q7d3w5a-00000001    10m  2026-11-21 11:50:00    5     2  8.0 KiB      0       0     0  -
                        flights  delayed  x9k2m4q7d3w5a-00000003  in 5m  2026-11-21 12:05:00    5     3  8.0 KiB      2       0     0  -
                        """);
    }

    @Test
    void aPipeGetsPlainNumbersBetweenTabs() throws IOException {
        assertThat(CliRun.in(some())
                        .run("ls", "flights", "--state", "dead,delayed")
                        .bars())
                .isEqualTo("""
                        flights|dead|x9k2m4q7d3w5a-00000005|86400.0|2026-11-20T12:00:00Z|5|2|8192|5|4|1|attempts
                        flights|delayed|x9k2m4q7d3w5a-00000003|-300.0|2026-11-21T12:05:00Z|5|3|8192|2|0|0|
                        """);
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        assertThat(CliRun.in(some())
                        .run("ls", "flights", "--state", "dead,delayed", "--json")
                        .line())
                .isEqualTo("{\"batches\":["
                        + "{\"queue\":\"flights\",\"state\":\"dead\",\"id\":\"x9k2m4q7d3w5a-00000005\","
                        + "\"ageSeconds\":86400.0,\"due\":\"2026-11-20T12:00:00Z\",\"priority\":5,\"rows\":2,"
                        + "\"bytes\":8192,\"attempts\":5,\"failures\":4,\"done\":1,\"note\":\"attempts\"},"
                        + "{\"queue\":\"flights\",\"state\":\"delayed\",\"id\":\"x9k2m4q7d3w5a-00000003\","
                        + "\"ageSeconds\":-300.0,\"due\":\"2026-11-21T12:05:00Z\",\"priority\":5,\"rows\":3,"
                        + "\"bytes\":8192,\"attempts\":2,\"failures\":0,\"done\":0,\"note\":null}]}");
    }

    @Test
    void ndjsonHasOneBatchALine() throws IOException {
        Result result = CliRun.in(some()).run("ls", "--ndjson");

        assertThat(result.lines()).hasSize(6).allSatisfy(line -> assertThat(line)
                .startsWith("{\"queue\":"));
    }

    @Test
    void theShortFormOfOtherProgramsHasNoRowsNorSize() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").shortForm("shell");

        assertThat(CliRun.in(spool).terminal().run("ls").lines().get(1))
                .containsPattern("flights +ready +shell +10m +2026-11-21 11:50:00 +5 +- +- +0 +0 +0 +-");
        assertThat(CliRun.in(spool).run("ls", "--json").line()).contains("\"rows\":null,\"bytes\":null");
    }

    @Test
    void statesQueuesAgesAttemptsAndReasonsNarrowIt() throws IOException {
        CliSpool spool = some();

        assertThat(ids(spool, "--state", "ready")).containsExactly("2", "1");
        assertThat(ids(spool, "mails")).containsExactly("6");
        assertThat(ids(spool, "--older-than", "2h30m")).isEmpty();
        assertThat(ids(spool, "--older-than", "150m")).containsExactly("5", "4");
        assertThat(ids(spool, "--attempts", "2")).containsExactly("5", "3");
        assertThat(ids(spool, "--reason", "crc")).containsExactly("6");
    }

    @Test
    void theOwnerNarrowsItToOneOwner() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 7, "j").claimed(CliSpool.DEAD_OWNER);
        spool.batch("flights", 8, "k").claimed(CliSpool.dead(4712, "0123456789abcdef"));

        assertThat(ids(spool, "--owner", "4711")).containsExactly("7");
        assertThat(CliRun.in(spool).run("ls", "--owner", "4712").line()).endsWith("\t4712-0123456789abcdef");
    }

    @Test
    void eachSortHasItsOrderAndCanBeTurned() throws IOException {
        CliSpool spool = some();

        assertThat(ids(spool)).containsExactly("2", "5", "4", "1", "3", "6");
        assertThat(ids(spool, "--sort", "due")).containsExactly("5", "4", "6", "1", "2", "3");
        assertThat(ids(spool, "--sort", "due", "--reverse")).containsExactly("3", "2", "1", "6", "4", "5");
        assertThat(ids(spool, "--sort", "id", "--reverse", "--limit", "2")).containsExactly("6", "5");
        assertThat(ids(spool, "--sort", "size", "--reverse", "--limit", "1")).containsExactly("6");
        assertThat(ids(spool, "--sort", "rows", "--reverse", "--limit", "1")).containsExactly("3");
        assertThat(ids(spool, "--sort", "attempts", "--reverse", "--limit", "2"))
                .containsExactly("5", "3");
    }

    @Test
    void nothingFoundIsThree() throws IOException {
        CliSpool spool = some();

        Result terminal = CliRun.in(spool).terminal().run("ls", "--state", "claimed");
        Result json = CliRun.in(spool).run("ls", "--state", "claimed", "--json");

        assertThat(terminal.exit()).isEqualTo(3);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).isEqualTo("no such batch\n");
        assertThat(json.exit()).isEqualTo(3);
        assertThat(json.out()).isEqualTo("{\"batches\":[]}\n");
    }

    @Test
    void anUnknownStateIsAUsageErrorThatNamesTheStates() throws IOException {
        Result result = CliRun.in(some()).run("ls", "--state", "daed");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("daed").hasLineCount(1);
        assertThat(result.err().toLowerCase(Locale.ROOT)).contains("ready, delayed, claimed, held, dead");
    }

    @Test
    void aTimeWithoutUnitIsAUsageErrorInWords() throws IOException {
        Result result = CliRun.in(some()).run("ls", "--older-than", "5");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("'5' is not a time").hasLineCount(1);
    }

    @Test
    void filesThatAreNoBatchesAreNotListed() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.foreign("flights", "ready", "readme.txt");

        assertThat(Files.exists(spool.folder().resolve("flights/ready/readme.txt")))
                .isTrue();
        assertThat(CliRun.in(spool).run("ls").exit()).isEqualTo(3);
    }
}
