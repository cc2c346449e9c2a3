package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportImportTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "done", "a\nb")
                .done(1)
                .with(CliSpool.message("LAX", "{\"lang\":\"en\"}", "\u001b[31m\u202e"), CliSpool.blob(1, 0xff))
                .ready();
        spool.batch("flights", 2, "held").held();
        spool.batch("flights", 3, "dead").dead("attempts");
        return spool;
    }

    @Test
    void theFieldsOfALineArePinned() throws IOException {
        assertThat(CliRun.in(some()).run("export", "flights", "--state", "dead").out())
                .isEqualTo("{\"queue\":\"flights\",\"batch\":\"x9k2m4q7d3w5a-00000003\",\"id\":1,"
                        + "\"time\":\"2026-11-21T11:50:00Z\",\"state\":\"dead\",\"attempt\":0,\"key\":null,"
                        + "\"headers\":{},\"payload\":\"dead\"}\n");
    }

    @Test
    void whatIsExportedAndImportedIsTheSame() throws IOException {
        CliSpool spool = some();
        Result export = CliRun.in(spool).run("export", "flights");

        Result imported = CliRun.in(spool).input(export.out()).run("import", "copy");

        assertThat(export.exit()).isZero();
        assertThat(export.lines()).hasSize(4);
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(messages(CliRun.in(spool).run("export", "copy"))).isEqualTo(messages(export));
    }

    /** What belongs to the messages, not to where they are. */
    private static List<String> messages(Result export) {
        return export.lines().stream()
                .map(line -> line.replaceAll(",?\"turboqueue.id\":\"[^\"]*\"", ""))
                .map(line -> line.replaceAll("\"(queue|batch|state)\":\"[^\"]*\",|\"(id|attempt)\":[0-9]+,", ""))
                .toList();
    }

    @Test
    void itsOwnHeadersAreNotImported() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1)
                .with(CliSpool.message(null, "{\"turboqueue.error\":\"boom\",\"lang\":\"en\"}", "a"))
                .ready();

        CliRun.in(spool).input(CliRun.in(spool).run("export", "flights").out()).run("import", "copy");

        assertThat(CliRun.in(spool).run("export", "copy").out())
                .contains("\"headers\":{\"lang\":\"en\",\"turboqueue.id\":\"x9k2m4q7d3w5a-00000001/1\"}");
    }

    @Test
    void headersAndKeysOfAnyKindComeBackAsTheyWere() throws IOException {
        CliSpool spool = new CliSpool(temp);
        String headers = "{\"n\":1.50,\"e\":1E+400,\"z\":null,\"o\":{\"a\":[true]}}";
        spool.batch("flights", 1)
                .with(
                        CliSpool.message("k\0", headers, "a"),
                        CliSpool.message(null, "not json", "b"),
                        StoredMessage.withKeyBytes(0, new byte[] {(byte) 0xff}, null, new byte[] {'c'}, true))
                .ready();
        Result export = CliRun.in(spool).run("export", "flights");

        CliRun.in(spool).input(export.out()).run("import", "copy");
        CliRun.in(spool).input(CliRun.in(spool).run("export", "copy").out()).run("import", "second");

        Result second = CliRun.in(spool).run("export", "second");
        assertThat(export.out())
                .contains("\"headers\":" + headers)
                .contains("\"headers\":{\"turboqueue.headers\":\"not json\"}")
                .contains("\"keyBase64\":\"/w==\"");
        assertThat(messages(second)).isEqualTo(messages(export));
        assertThat(second.out())
                .contains("\"turboqueue.id\":\"x9k2m4q7d3w5a-00000001/1\"")
                .contains("\"turboqueue.id\":\"x9k2m4q7d3w5a-00000001/3\"");
    }

    @Test
    void linesThatAreSentAreMessagesOfTheirOwn() throws IOException {
        CliSpool spool = some();
        String lines = CliRun.in(spool).run("export", "flights").out();

        CliRun.in(spool).input(lines + lines).run("send", "copy", "--json-lines");

        assertThat(CliRun.in(spool).run("export", "copy").out()).doesNotContain("turboqueue.id");
    }

    @Test
    void aFileCanBeImported() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Files.writeString(temp.resolve("in.ndjson"), "{\"payload\":\"a\"}\n");

        assertThat(CliRun.in(spool)
                        .run("import", "copy", temp.resolve("in.ndjson").toString())
                        .exit())
                .isZero();
        assertThat(CliRun.in(spool).run("cat", "copy").out()).isEqualTo("a\n");
    }

    @Test
    void aLineThatIsNoJsonIsNamedByItsNumberAndWhatIsPublishedIsSaid() throws IOException {
        Result result = CliRun.in(new CliSpool(temp))
                .input("{\"payload\":\"a\"}\nrubbish\n")
                .run("import", "copy");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .contains("line 2 is not JSON", "published: 1 message, the first 1 of the input")
                .hasLineCount(2);
    }

    @Test
    void anEmptyQueueOrInputIsThree() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("flights");

        assertThat(CliRun.in(spool).run("export", "flights").exit()).isEqualTo(3);
        assertThat(CliRun.in(spool).run("import", "flights").exit()).isEqualTo(3);
    }

    @Test
    void aDamagedBatchIsLeftOutAndFour() throws IOException {
        CliSpool spool = some();
        CliSpool.flip(spool.batch("flights", 4, "x").ready(), 8000);

        Result result = CliRun.in(spool).run("export", "flights");

        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.lines()).hasSize(4);
        assertThat(result.err()).contains("damaged and left out (crc)").hasLineCount(1);
    }
}
