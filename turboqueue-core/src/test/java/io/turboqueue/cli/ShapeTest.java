package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapeTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").age(Duration.ofSeconds(3)).ready();
        spool.batch("flights", 2, "c").age(Duration.ofSeconds(5)).ready();
        spool.batch("flights", 3, "d").age(Duration.ofHours(1)).dead("crc");
        spool.batch("flights", 4, "e").age(Duration.ofMinutes(-1)).delayed();
        return spool;
    }

    @Test
    void aTerminalGetsATableThatDoublesFromColumnToColumn() throws IOException {
        Result result = CliRun.in(some()).terminal().run("shape", "--buckets", "3");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("""
                        QUEUE    STATE    TOTAL  5s  10s  20s  20s+
                        flights  ready        2   1    1    0     0
                        flights  delayed      1   1    0    0     0
                        flights  dead         1   0    0    0     1
                        """);
    }

    @Test
    void aPipeGetsTabsAndMessagesAreCountedOnRequest() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool)
                        .run("shape", "flights", "--first", "1m", "--buckets", "1")
                        .bars())
                .isEqualTo("flights|ready|2|2|0\nflights|delayed|1|1|0\nflights|dead|1|0|1\n");
        assertThat(CliRun.in(spool).run("shape", "--messages", "--buckets", "1").bars())
                .startsWith("flights|ready|3|2|1\n");
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        assertThat(CliRun.in(some()).run("shape", "--buckets", "2", "--json").line())
                .isEqualTo(
                        "{\"shapes\":["
                                + "{\"queue\":\"flights\",\"state\":\"ready\",\"total\":2,\"under5s\":1,\"under10s\":1,\"from10s\":0},"
                                + "{\"queue\":\"flights\",\"state\":\"delayed\",\"total\":1,\"under5s\":1,\"under10s\":0,\"from10s\":0},"
                                + "{\"queue\":\"flights\",\"state\":\"dead\",\"total\":1,\"under5s\":0,\"under10s\":0,\"from10s\":1}]}");
    }

    @Test
    void nothingThereIsThree() throws IOException {
        assertThat(CliRun.in(new CliSpool(temp)).run("shape").exit()).isEqualTo(3);
    }

    @Test
    void senselessBucketsAreAUsageError() throws IOException {
        CliSpool spool = some();

        for (String words : List.of("--buckets=0", "--buckets=31", "--first=0s", "--buckets=x")) {
            Result result = CliRun.in(spool).run("shape", words);
            assertThat(result.exit()).as(words).isEqualTo(2);
            assertThat(result.err()).as(words).hasLineCount(1);
        }
    }
}
