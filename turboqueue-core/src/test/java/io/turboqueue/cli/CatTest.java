package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "LAX one", "SFO two", "LAX three").ready();
        spool.batch("flights", 2)
                .priority(9)
                .with(CliSpool.message("k", null, "keyed"))
                .ready();
        spool.batch("flights", 3, "dead one").dead("attempts");
        spool.batch("flights", 4, "held one").held();
        return spool;
    }

    @Test
    void payloadsComeInOrderALineEach() throws IOException {
        CliSpool spool = some();

        Result result = CliRun.in(spool).run("cat", "flights");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEqualTo("LAX one\nSFO two\nLAX three\nkeyed\n");
        assertThat(CliRun.in(spool).terminal().run("cat", "flights").out()).isEqualTo(result.out());
    }

    @Test
    void reverseLimitAndNullDoWhatTheySay() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool)
                        .run("cat", "flights", "--reverse", "--limit", "2")
                        .out())
                .isEqualTo("keyed\nLAX three\n");
        assertThat(CliRun.in(spool)
                        .run("cat", "flights", "--limit", "2", "--null")
                        .out())
                .isEqualTo("LAX one\0SFO two\0");
    }

    @Test
    void patternsAndKeysNarrowIt() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool)
                        .run("cat", "flights", "--include", "LAX", "--exclude", "one$")
                        .out())
                .isEqualTo("LAX three\n");
        assertThat(CliRun.in(spool).run("cat", "flights", "--key", "k").out()).isEqualTo("keyed\n");
        assertThat(CliRun.in(spool)
                        .run("cat", "flights", "--include", "nowhere")
                        .exit())
                .isEqualTo(3);
        Result wrong = CliRun.in(spool).run("cat", "flights", "--include", "(");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).hasLineCount(1);
    }

    @Test
    void otherStatesAndSingleBatchesCanBeNamed() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool)
                        .run("cat", "flights", "--state", "dead,held")
                        .lines())
                .containsExactly("dead one", "held one");
        assertThat(CliRun.in(spool).run("cat", "flights", "--batch", "00000003").out())
                .isEqualTo("dead one\n");
    }

    @Test
    void whatWasDoneIsLeftOutAndPositionsStay() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b", "c").done(1).ready();

        assertThat(CliRun.in(spool).run("cat", "flights", "--ndjson").lines())
                .containsExactly(line("b", 2), line("c", 3));
    }

    private static String line(String payload, int id) {
        return "{\"queue\":\"flights\",\"batch\":\"x9k2m4q7d3w5a-00000001\",\"id\":" + id
                + ",\"time\":\"2026-11-21T11:50:00Z\",\"key\":null,\"headers\":{},\"payload\":\"" + payload + "\"}";
    }

    @Test
    void theJsonDocumentIsPinned() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").ready();

        assertThat(CliRun.in(spool).run("cat", "flights", "--json").out())
                .isEqualTo("{\"messages\":[" + line("a", 1) + "]}\n");
        assertThat(CliRun.in(spool)
                        .run("cat", "flights", "--state", "dead", "--json")
                        .out())
                .isEqualTo("{\"messages\":[]}\n");
    }

    @Test
    void binaryPayloadsGoToAPipeAsTheyAre() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1).with(CliSpool.blob(0, 0xff, 0xfe)).ready();
        Path file = temp.resolve("out");
        try (var out = Files.newOutputStream(file)) {
            CliRun.in(spool).output(out).run("cat", "flights");
        }

        assertThat(Files.readAllBytes(file)).containsExactly(0, 0xff, 0xfe, '\n');
        assertThat(CliRun.in(spool).terminal().run("cat", "flights").out()).isEqualTo("(3 bytes)\n");
    }

    @Test
    void aDamagedBatchIsToldOfAndTheRestPrinted() throws IOException {
        CliSpool spool = some();
        CliSpool.flip(spool.batch("flights", 5, "x").age(Duration.ofDays(1)).ready(), 8000);

        Result result = CliRun.in(spool).run("cat", "flights");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.lines()).hasSize(4);
        assertThat(result.err()).contains("is damaged (crc)").hasLineCount(1);
    }

    @Test
    void anUnknownBatchIsThree() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool).run("cat", "flights", "--batch", "nope").exit())
                .isEqualTo(3);
        assertThat(CliRun.in(spool).run("cat", "none").exit()).isEqualTo(3);
    }
}
