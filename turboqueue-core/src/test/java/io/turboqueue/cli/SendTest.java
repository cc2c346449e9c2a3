package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import io.turboqueue.cli.support.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendTest {

    @TempDir
    Path temp;

    @Test
    void eachLineIsAMessageAndTheSpoolIsMade() throws IOException {
        Result result = made("send", "numbers").run();

        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEmpty();
        assertThat(cat()).isEqualTo("a\nb\n\nc\n");
    }

    private interface Run {
        Result run();
    }

    private Run made(String... words) {
        return () -> CliRun.in(temp)
                .environment("TURBOQUEUE_SPOOL", "made")
                .input("a\nb\n\nc")
                .run(words);
    }

    private String cat(String... options) {
        List<String> words = new ArrayList<>(List.of("cat", "numbers"));
        words.addAll(List.of(options));
        return CliRun.in(temp.resolve("made")).run(words.toArray(String[]::new)).out();
    }

    @Test
    void zeroBytesSeparateOnRequest() {
        Result result = CliRun.in(temp)
                .environment("TURBOQUEUE_SPOOL", "made")
                .input("a\nb\0c\0")
                .run("send", "numbers", "--null");

        assertThat(result.exit()).isZero();
        assertThat(cat("--null")).isEqualTo("a\nb\0c\0");
    }

    @Test
    void messagesOfTheCommandLineAreSentWithTheirOptions() throws IOException {
        Result result = made(
                        "send",
                        "numbers",
                        "-m",
                        "one",
                        "-m",
                        "two",
                        "--key",
                        "k",
                        "--header",
                        "lang=en",
                        "--priority",
                        "3")
                .run();

        assertThat(result.exit()).isZero();
        assertThat(cat("--ndjson").lines())
                .hasSize(2)
                .allMatch(line -> line.contains("\"key\":\"k\",\"headers\":{\"lang\":\"en\"},\"payload\":\""));
        assertThat(ready()).singleElement().asString().startsWith("3-20261121T120000000Z-");
    }

    private List<String> ready() throws IOException {
        return names("ready");
    }

    private List<String> names(String state) throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("made/numbers").resolve(state))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void delayedMessagesAreLater() throws IOException {
        assertThat(made("send", "numbers", "-m", "one", "--delay", "5m").run().exit())
                .isZero();

        assertThat(names("delayed")).singleElement().asString().startsWith("5-20261121T120500000Z-");
    }

    @Test
    void filesAreReadOneAfterAnotherAndTheInputWhereItIsNamed() throws IOException {
        Files.writeString(temp.resolve("one.txt"), "1\n2\n");
        Files.writeString(temp.resolve("two.txt"), "3");

        assertThat(made("send", "numbers", "one.txt", "-", "two.txt").run().exit())
                .isZero();

        assertThat(cat()).isEqualTo("1\n2\na\nb\n\nc\n3\n");
    }

    @Test
    void aMissingFileIsThreeAndNamed() {
        Result result = made("send", "numbers", "none.txt").run();

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err().lines()).first().asString().isEqualTo("published: 0 messages");
        assertThat(result.err()).contains("there is no file ", "none.txt").hasLineCount(2);
    }

    @Test
    void anEmptyInputSendsNothingAndIsThree() {
        assertThat(CliRun.in(temp)
                        .environment("TURBOQUEUE_SPOOL", "made")
                        .run("send", "numbers")
                        .exit())
                .isEqualTo(3);
    }

    @Test
    void jsonLinesCarryKeyHeadersTimeAndBytes() {
        Result result = CliRun.in(temp)
                .environment("TURBOQUEUE_SPOOL", "made")
                .input("""
                        {"payload":"a","key":"k","headers":{"h":"v"},"time":"2026-01-02T03:04:05Z"}
                        {"payloadBase64":"Af8D"}
                        """)
                .run("send", "numbers", "--json-lines");

        assertThat(result.exit()).isZero();
        assertThat(cat("--ndjson"))
                .contains("\"time\":\"2026-01-02T03:04:05Z\",\"key\":\"k\",\"headers\":{\"h\":\"v\"},\"payload\":\"a\"")
                .contains("\"payloadBase64\":\"Af8D\"");
    }

    @Test
    void aWrongJsonLineIsNamedByItsNumberAndThoseBeforeItAreSent() {
        Result result = CliRun.in(temp)
                .environment("TURBOQUEUE_SPOOL", "made")
                .input("{\"payload\":\"a\"}\n{\"paylod\":\"b\"}\n")
                .run("send", "numbers", "--json-lines");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .contains("line 2 has an unknown field \"paylod\"")
                .contains("published: 1 message, the first 1 of the input")
                .hasLineCount(2);
        assertThat(cat()).isEqualTo("a\n");
    }

    @Test
    void aTerminalIsToldHowManyWereSentUnlessQuiet() {
        Terminal err = new Terminal(false, false, true, 80, 50);

        Result told = CliRun.in(temp)
                .environment("TURBOQUEUE_SPOOL", "made")
                .terminal(err)
                .run("send", "numbers", "-m", "a");
        Result quiet = CliRun.in(temp)
                .environment("TURBOQUEUE_SPOOL", "made")
                .terminal(err)
                .run("send", "numbers", "-m", "a", "--quiet");

        assertThat(told.err()).isEqualTo("1 message in 1 batch\n");
        assertThat(quiet.err()).isEmpty();
    }

    @Test
    void wrongOptionsAreUsageErrorsBeforeASpoolIsMade() {
        for (List<String> wrong : List.of(
                List.of("send", "No Queue", "-m", "a"),
                List.of("send", "numbers", "-m", "a", "--priority", "x"),
                List.of("send", "numbers", "-m", "a", "--delay", "5"))) {
            Result result = made(wrong.toArray(String[]::new)).run();
            assertThat(result.exit()).as("%s", wrong).isEqualTo(2);
            assertThat(result.err()).as("%s", wrong).hasLineCount(1);
        }
        assertThat(Files.exists(temp.resolve("made"))).isFalse();
    }

    @Test
    void wrongValuesAreUsageErrors() {
        for (List<String> wrong : List.of(
                List.of("send", "numbers", "-m", "a", "--priority", "10"),
                List.of("send", "numbers", "-m", "a", "--header", "turboqueue.x=1"))) {
            Result result = made(wrong.toArray(String[]::new)).run();
            assertThat(result.exit()).as("%s", wrong).isEqualTo(2);
            assertThat(result.err()).as("%s", wrong).hasLineCount(1);
        }
    }

    @Test
    void bytesThatAreNoTextPassUnchanged() throws IOException {
        byte[] bytes = {(byte) 0xff, 0, 27, '\n'};
        CliRun.in(temp).environment("TURBOQUEUE_SPOOL", "made").input(bytes).run("send", "numbers");
        Path file = temp.resolve("out");
        try (var out = Files.newOutputStream(file)) {
            CliRun.in(temp.resolve("made")).output(out).run("receive", "numbers", "--max", "1");
        }

        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }
}
