package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowTest {

    @TempDir
    Path temp;

    private static final String HEADERS = "{\"lang\":\"en\"}";

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 42, "first")
                .with(CliSpool.message("LAX", HEADERS, "last one"))
                .attempt(2)
                .failures(1)
                .done(1)
                .ready();
        return spool;
    }

    private static String crc(CliSpool spool) throws IOException {
        return spool.names("flights", "ready").get(0).replaceAll(".*\\.c([0-9a-f]{8})\\..*", "$1");
    }

    @Test
    void aTerminalGetsEverythingUnderLabels() throws IOException {
        CliSpool spool = some();
        Path file = spool.folder()
                .resolve("flights/ready")
                .resolve(spool.names("flights", "ready").get(0));

        Result result = CliRun.in(spool).terminal().run("show", "0000002a");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("file          " + file + "\n" + """
                        queue         flights
                        state         ready
                        id            x9k2m4q7d3w5a-0000002a
                        producer      x9k2m4q7d3w5a, batch 42
                        priority      5
                        due           2026-11-21 11:50:00  10m ago
                        attempts      2, 1 failed at this place
                        rows          2, 1 of them done
                        bytes         8,192
                        crc           %s
                        format        TurboQueue, version 1
                        pages         2 of 4.0 KiB, 8.0 KiB in all
                        schema        CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)
                        first         message 1 of 2026-11-21 11:50:00
                                      payload  first
                        last          message 2 of 2026-11-21 11:50:00
                                      key      LAX
                                      headers  {"lang":"en"}
                                      payload  last one
                        integrity     ok
                        """.formatted(crc(spool)));
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        CliSpool spool = some();
        Path file = spool.folder()
                .resolve("flights/ready")
                .resolve(spool.names("flights", "ready").get(0));

        assertThat(CliRun.in(spool).run("show", CliSpool.id(42), "--json").line())
                .isEqualTo("{\"file\":\"" + file + "\",\"queue\":\"flights\",\"state\":\"ready\",\"note\":null,"
                        + "\"name\":{\"id\":\"x9k2m4q7d3w5a-0000002a\",\"priority\":5,\"due\":\"2026-11-21T11:50:00Z\","
                        + "\"attempts\":2,\"failures\":1,\"begunAlone\":false,\"done\":1,\"rows\":2,\"bytes\":8192,\"crc32\":\""
                        + crc(spool) + "\"},"
                        + "\"format\":{\"ours\":true,\"version\":1,\"pageSize\":4096,\"pages\":2,\"fileBytes\":8192,"
                        + "\"schema\":\"CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT,"
                        + " payload)\",\"integrity\":\"ok\"},\"messages\":2,"
                        + "\"first\":{\"time\":\"2026-11-21T11:50:00Z\",\"key\":null,\"payload\":\"first\",\"payloadBytes\":5},"
                        + "\"last\":{\"time\":\"2026-11-21T11:50:00Z\",\"key\":\"LAX\",\"payload\":\"last one\","
                        + "\"payloadBytes\":8},\"whole\":true,\"damage\":null}");
    }

    @Test
    void aFlippedByteIsDamageAndFour() throws IOException {
        CliSpool spool = new CliSpool(temp);
        CliSpool.flip(spool.batch("flights", 1, "a").ready(), 8000);

        Result text = CliRun.in(spool).run("show", "00000001");
        Result json = CliRun.in(spool).run("show", "00000001", "--json");

        assertThat(text.exit()).isEqualTo(4);
        assertThat(text.out()).containsPattern("integrity +crc: ");
        assertThat(json.exit()).isEqualTo(4);
        assertThat(json.line())
                .contains("\"messages\":null,\"first\":null,\"last\":null,\"whole\":false,\"damage\":\"crc: ");
    }

    @Test
    void aFileIsNamedByItsPathToo() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Path dead = spool.batch("flights", 1, "a").dead("attempts");
        Path stray = Files.copy(dead, temp.resolve("stray.db"));

        assertThat(CliRun.in(spool).run("show", dead.toString()).out()).contains("x9k2m4q7d3w5a-00000001");
        Result byName = CliRun.in(temp).run("show", "stray.db");
        assertThat(byName.exit()).isZero();
        assertThat(byName.out()).contains(stray.toString()).contains("is no batch's, so nothing tells");
    }

    @Test
    void aDeadLetterShowsItsReasonAndAClaimItsOwner() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").dead("attempts");
        spool.batch("flights", 2, "b").claimed(CliSpool.DEAD_OWNER);

        assertThat(CliRun.in(spool).run("show", "00000001").out()).contains("dead (attempts)");
        assertThat(CliRun.in(spool).run("show", "00000002").out()).contains("claimed (" + CliSpool.DEAD_LABEL + ")");
    }

    @Test
    void anUnknownIdIsThreeAndAnAmbiguousOneTwo() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 43, "b").ready();

        Result unknown = CliRun.in(spool).run("show", "zzz");
        Result many = CliRun.in(spool).run("show", "x9k2");

        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.err()).contains("there is no batch \"zzz\"").hasLineCount(1);
        assertThat(many.exit()).isEqualTo(2);
        assertThat(many.err()).contains("may mean 2 batches: " + CliSpool.id(42) + ", " + CliSpool.id(43));
        assertThat(CliRun.in(spool).run("show", "./none.db").exit()).isEqualTo(3);
    }

    @Test
    void aBatchNotYetDueSaysWhenItIs() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").age(Duration.ofHours(-1)).delayed();

        assertThat(CliRun.in(spool).run("show", "00000001").lines())
                .filteredOn(line -> line.startsWith("due"))
                .isEqualTo(List.of("due           2026-11-21 13:00:00  in 1h"));
    }

    @Test
    void anIdThatAnotherProgramChoseIsShownWhateverItEndsWith() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Path file = spool.batch("flights", 1, "a").ready();
        Files.move(file, file.resolveSibling(file.getFileName().toString().replace(CliSpool.id(1), "host-7-batch_x")));

        Result result = CliRun.in(spool).run("show", "host-7-batch_x");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.lines()).contains("id            host-7-batch_x", "producer      another program");
    }
}
