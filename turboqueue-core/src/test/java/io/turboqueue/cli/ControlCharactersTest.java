package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCharactersTest {

    @TempDir
    Path temp;

    private static final String EVIL = "a\u001b[31mb\u0007c\u202ed\u009be\u007ff\u200bg";
    private static final String HEADERS = "{\"h\":\"x\\u001b[2Jy\u202ez\"}";

    static Stream<List<String>> readers() {
        return Stream.of(
                List.of("cat", "flights"),
                List.of("cat", "flights", "--json"),
                List.of("cat", "flights", "--ndjson"),
                List.of("tail", "flights"),
                List.of("peek", "flights"),
                List.of("peek", "flights", "--json"),
                List.of("show", "00000001"),
                List.of("show", "00000001", "--json"),
                List.of("export", "flights"),
                List.of("sql", "flights", "select * from message"),
                List.of("sql", "flights", "--csv", "select * from message"),
                List.of("sql", "flights", "--json", "select * from message"),
                List.of("sql", "flights", "select 1 as \"\u001b[31m\""),
                List.of("receive", "flights", "--timeout", "0s"),
                List.of("receive", "flights", "--timeout", "0s", "--ndjson"));
    }

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1)
                .with(CliSpool.message("k" + EVIL, HEADERS, EVIL), CliSpool.message(null, null, "first\nsecond\tthird"))
                .ready();
        return spool;
    }

    @ParameterizedTest
    @MethodSource("readers")
    void nothingThatCommandsATerminalReachesOne(List<String> words) throws IOException {
        Result result = CliRun.in(some()).terminal().run(words.toArray(String[]::new));

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\n\t]]");
    }

    @Test
    void aPipeGetsPayloadsUnchanged() throws IOException {
        CliSpool spool = some();

        for (String verb : List.of("cat", "tail")) {
            assertThat(CliRun.in(spool).run(verb, "flights").out())
                    .as(verb)
                    .isEqualTo(EVIL + "\nfirst\nsecond\tthird\n");
        }
        assertThat(CliRun.in(spool).run("receive", "flights", "--timeout", "0s").out())
                .isEqualTo(EVIL + "\nfirst\nsecond\tthird\n");
    }

    @Test
    void jsonKeepsThemAll() throws IOException {
        CliSpool spool = some();

        CliRun.in(spool).input(CliRun.in(spool).run("export", "flights").out()).run("import", "copy");

        assertThat(CliRun.in(spool).run("cat", "copy", "--limit", "1").out()).isEqualTo(EVIL + "\n");
    }

    @Test
    void csvOnAPipeKeepsThemToo() throws IOException {
        assertThat(CliRun.in(some())
                        .run("sql", "flights", "--csv", "select payload from message where id = 1")
                        .out())
                .isEqualTo("payload\n" + EVIL + "\n");
    }
}
