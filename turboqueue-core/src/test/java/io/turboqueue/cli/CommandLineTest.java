package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import io.turboqueue.cli.support.CommandContext;
import io.turboqueue.cli.support.Streams;
import io.turboqueue.cli.support.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandLineTest {

    @TempDir
    Path temp;

    private static CommandLine command() {
        return Main.complete(new CommandContext(
                new Streams(InputStream.nullInputStream(), OutputStream.nullOutputStream(), System.err),
                Terminal.NONE,
                Map.of(),
                Path.of(""),
                InstantSource.fixed(CliSpool.NOW)));
    }

    static Stream<String> verbs() {
        return command().getSubcommands().keySet().stream().filter(verb -> !verb.equals("help"));
    }

    @Test
    void theVerbsAreThese() {
        assertThat(verbs())
                .containsExactly(
                        "stats",
                        "ls",
                        "show",
                        "peek",
                        "cat",
                        "tail",
                        "sql",
                        "shape",
                        "verify",
                        "config",
                        "health",
                        "doctor",
                        "send",
                        "receive",
                        "wait",
                        "export",
                        "import",
                        "recover",
                        "redrive",
                        "hold",
                        "release",
                        "pause",
                        "resume",
                        "move",
                        "purge",
                        "drop",
                        "salvage",
                        "completion");
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void helpTellsWhatItDoesAndGivesAnExample(String verb) {
        Result help = CliRun.in(temp).bare(verb, "--help");

        assertThat(help.exit()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .contains("Usage: turboqueue " + verb)
                .containsPattern("\nExamples:\n  .*turboqueue ")
                .contains(verb)
                .doesNotContain("${", "@|")
                .doesNotContainPattern("(?<!--)\\bnull\\b");
        assertThat(help.lines()).allMatch(line -> line.length() <= 120);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyOptionAndParameterIsDescribed(String verb) {
        CommandLine.Model.CommandSpec spec =
                Objects.requireNonNull(command().getSubcommands().get(verb)).getCommandSpec();

        assertThat(spec.usageMessage().header()).isNotEmpty().allMatch(text -> text.endsWith("."));
        assertThat(spec.usageMessage().description()).isNotEmpty().noneMatch(String::isBlank);
        assertThat(spec.args()).allSatisfy(arg -> assertThat(String.join("", arg.description()))
                .as("%s", arg)
                .isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void anUnknownOptionIsAUsageErrorInOneLine(String verb) {
        Result result = CliRun.in(temp).bare(verb, "--nonsense");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("turboqueue " + verb + ": ")
                .endsWith("('turboqueue " + verb + " --help' tells more)\n")
                .hasLineCount(1);
    }

    @Test
    void anUnknownVerbOrOptionIsAnsweredWithASuggestion() {
        Result verb = CliRun.in(temp).bare("sttats");
        Result option = CliRun.in(temp).bare("ls", "--staet", "dead");

        assertThat(verb.exit()).isEqualTo(2);
        assertThat(verb.err()).contains("'sttats'; did you mean stats").hasLineCount(1);
        assertThat(option.exit()).isEqualTo(2);
        assertThat(option.err()).contains("did you mean --state").hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "recieve,receive",
        "receeve,receive",
        "list,ls",
        "status,stats",
        "retry,redrive",
        "verfy,verify",
        "consume,receive",
        "LS2,ls",
        "hlod,hold"
    })
    void aVerbThatIsNoneMeansTheNearestOrTheOneOfThatMeaning(String typed, String meant) {
        assertThat(CliRun.in(temp).bare(typed).err())
                .contains("did you mean " + meant + "?")
                .hasLineCount(1);
    }

    @Test
    void aWordThatIsNearNoVerbIsAnsweredWithoutASuggestion() {
        assertThat(CliRun.in(temp).bare("xylophone").err())
                .doesNotContain("did you mean")
                .hasLineCount(1);
    }

    @Test
    void noVerbIsAUsageError() {
        Result result = CliRun.in(temp).bare();

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1);
    }

    @Test
    void helpOfTheCommandListsTheVerbsAndExitCodes() {
        Result help = CliRun.in(temp).bare("--help");

        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("  stats  ", "  salvage  ", "Examples:", "Exit codes:", "a damaged batch was found");
        assertThat(CliRun.in(temp).bare("help", "ls").out())
                .isEqualTo(CliRun.in(temp).bare("ls", "--help").out());
    }

    @Test
    void theVersionIsALine() {
        assertThat(CliRun.in(temp).bare("--version").line()).startsWith("turboqueue ");
        assertThat(CliRun.in(temp).bare("ls", "--version").line()).startsWith("turboqueue ");
    }

    @Test
    void theCompletionScriptKnowsEveryVerb() {
        Result result = CliRun.in(temp).bare("completion");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).startsWith("#!");
        assertThat(verbs().filter(verb -> !verb.equals("completion")))
                .allSatisfy(verb -> assertThat(result.out()).contains("_picocli_turboqueue_" + verb + "()"));
    }

    @Test
    void aStackTraceIsShownOnlyOnRequest() {
        Result plain = CliRun.in(temp).bare("stats");
        Result verbose = CliRun.in(temp).bare("--verbose", "stats");

        assertThat(plain.exit()).isEqualTo(1);
        assertThat(plain.err())
                .startsWith("turboqueue: ")
                .doesNotContain("\tat ")
                .hasLineCount(1);
        assertThat(verbose.exit()).isEqualTo(1);
        assertThat(verbose.err()).startsWith(plain.err()).contains("\tat ");
    }

    @Test
    void theSpoolIsTheOptionsThenTheEnvironmentsThenTheFolder() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.queue("flights");
        Path elsewhere = Path.of("/nowhere");

        assertThat(CliRun.in(spool).run("stats").bars()).startsWith("queue|flights|");
        assertThat(CliRun.in(temp)
                        .environment("TURBOQUEUE_SPOOL", "spool")
                        .run("stats")
                        .bars())
                .startsWith("queue|flights|");
        assertThat(CliRun.in(elsewhere)
                        .environment("TURBOQUEUE_SPOOL", "none")
                        .run("stats", "--spool", spool.folder().toString())
                        .bars())
                .startsWith("queue|flights|");
        assertThat(CliRun.in(elsewhere)
                        .run("--spool", spool.folder().toString(), "stats")
                        .exit())
                .isZero();
    }

    @Test
    void coloursAreForTerminalsUnlessSaidOtherwise() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Terminal screen = new Terminal(false, true, true, 80, 50);

        assertThat(CliRun.in(spool).terminal(screen).run("verify").out()).contains("\u001b[32m");
        assertThat(CliRun.in(spool)
                        .terminal(screen)
                        .environment("NO_COLOR", "1")
                        .run("verify")
                        .out())
                .doesNotContain("\u001b");
        assertThat(CliRun.in(spool)
                        .terminal(screen)
                        .run("verify", "--color", "never")
                        .out())
                .doesNotContain("\u001b");
        assertThat(CliRun.in(spool).run("verify", "--color", "always").out()).contains("\u001b[32m");
    }

    @Test
    void permissionDeniedIsSaidInWords() {
        assertThat(Main.message(new AccessDeniedException("/spool/q/ready")))
                .isEqualTo(
                        "permission denied: user " + System.getProperty("user.name") + " may not use /spool/q/ready");
        assertThat(Main.message(new IOException("the disk is on fire"))).isEqualTo("the disk is on fire");
    }
}
