package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalvageTest {

    @TempDir
    Path temp;

    private static String[] payloads(int count) {
        String[] payloads = new String[count];
        Arrays.setAll(payloads, i -> "payload " + i + " " + "x".repeat(200));
        return payloads;
    }

    private static long saved(Result result) {
        return Long.parseLong(result.line().replaceAll("saved: ([0-9]+) of 200 messages .*", "$1"));
    }

    @Test
    void theRowsBeforeTheCutComeBackAndTheFileIsKept() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Path dead = spool.batch("flights", 1, payloads(200)).dead("size");
        CliSpool.cut(dead, (int) Files.size(dead) / 8192 * 4096);

        Result result = CliRun.in(spool).run("salvage", "00000001");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.line()).matches("saved: [0-9]+ of 200 messages into flights; the damaged file is kept");
        assertThat(saved(result)).isBetween(50L, 150L);
        assertThat(spool.names("flights", "dead")).singleElement().asString().endsWith("~size-salvaged.db");
        assertThat(CliRun.in(spool).run("cat", "flights").lines())
                .hasSize((int) saved(result))
                .startsWith(payloads(200)[0], payloads(200)[1]);
        assertThat(CliRun.in(spool).run("cat", "flights", "--ndjson").lines().get(1))
                .as("who it is")
                .contains("\"turboqueue.id\":\"x9k2m4q7d3w5a-00000001/2\"");
    }

    @Test
    void aBrokenPageCostsOnlyItsRows() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Path dead = spool.batch("flights", 1, payloads(200)).dead("crc");
        byte[] bytes = Files.readAllBytes(dead);
        Arrays.fill(bytes, 4 * 4096, 5 * 4096, (byte) 0xff);
        Files.write(dead, bytes);

        Result result = CliRun.in(spool).run("salvage", "00000001");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(saved(result)).isBetween(150L, 199L);
        assertThat(CliRun.in(spool).run("cat", "flights").lines()).contains(payloads(200)[0], payloads(200)[199]);
    }

    @Test
    void salvagingTwiceIsRefusedUnlessInsistedOn() throws IOException {
        CliSpool spool = new CliSpool(temp);
        CliSpool.flip(spool.batch("flights", 1, "a").dead("crc"), 8000);
        CliRun.in(spool).run("salvage", "00000001");

        String file = spool.folder()
                .resolve("flights/dead")
                .resolve(spool.names("flights", "dead").get(0))
                .getFileName()
                .toString();
        Result again = CliRun.in(spool).run("salvage", file);

        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("was salvaged before").hasLineCount(1);
        assertThat(CliRun.in(spool)
                        .run("salvage", file, "--again", "--to", "mails")
                        .exit())
                .isZero();
        assertThat(spool.names("mails", "ready")).hasSize(1);
    }

    @Test
    void aHopelessFileIsFourAndKept() throws IOException {
        CliSpool spool = new CliSpool(temp);
        CliSpool.cut(spool.batch("flights", 1, "a").dead("size"), 100);

        Result result = CliRun.in(spool).run("salvage", "00000001");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.err())
                .contains("nothing can be saved, the file is kept")
                .hasLineCount(1);
        assertThat(spool.names("flights", "dead")).singleElement().asString().endsWith("~size.db");
    }

    @Test
    void whatIsNotDeadAndFilesWithoutQueueAreUsageErrors() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Path ready = spool.batch("flights", 1, "a").ready();
        Path stray = Files.copy(ready, temp.resolve("stray.db"));

        assertThat(CliRun.in(spool).run("salvage", "00000001").exit()).isEqualTo(2);
        assertThat(CliRun.in(spool).run("salvage", stray.toString()).exit()).isEqualTo(2);
        assertThat(CliRun.in(spool)
                        .run("salvage", stray.toString(), "--to", "mails")
                        .line())
                .isEqualTo("saved: 1 message into mails; the damaged file is kept");
    }

    @Test
    void healthyBatchesAreNotSalvagedByTheirPathEither() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Path ready = spool.batch("flights", 1, "a").ready();
        Path attempts = spool.batch("flights", 2, "b").dead("attempts");

        assertThat(CliRun.in(spool).run("salvage", ready.toString()).err()).contains("is ready, not set aside");
        assertThat(CliRun.in(spool).run("salvage", attempts.toString()).err())
                .contains("not for damage: 'turboqueue redrive' is for it");
        assertThat(spool.names("flights", "ready")).hasSize(1);
    }

    @Test
    void salvagedOnesAreLeftByRedrive() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a").dead("crc-salvaged");

        assertThat(CliRun.in(spool).run("redrive", "flights", "--all").exit()).isEqualTo(3);
    }
}
