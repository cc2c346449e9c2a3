package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LookingChangesNothingTest {

    @TempDir
    Path temp;

    private static final String[] WORDS = {
        "stats",
        "stats --watch --count 2 --every 1ms",
        "ls",
        "show 00000001",
        "show 00000009",
        "peek flights",
        "cat flights --state ready,delayed,claimed,held,dead",
        "tail flights",
        "sql flights select*from(message)",
        "sql --batch 00000009 select*from(message)",
        "shape",
        "verify --state ready,delayed,claimed,held,dead",
        "config flights --show-origin",
        "health --strict",
        "doctor",
        "export flights",
        "wait flights --timeout 0s",
        "recover --dry-run",
        "redrive flights --all --dry-run",
        "hold flights --all --dry-run",
        "release flights --all --dry-run",
        "move flights --all --to other --dry-run",
        "purge flights --state ready --all --dry-run",
        "drop mails --dry-run"
    };

    static Stream<String> looking() {
        return Arrays.stream(WORDS);
    }

    private CliSpool rich() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").ready();
        spool.batch("flights", 2, "c").age(Duration.ofMinutes(-5)).delayed();
        spool.batch("flights", 3, "d").held();
        spool.batch("flights", 4, "e").dead("attempts");
        CliSpool.flip(spool.batch("flights", 5, "f").ready(), 8000);
        CliSpool.cut(spool.batch("flights", 6, "g").dead("size"), 100);
        spool.batch("flights", 7, "h").claimed(CliSpool.DEAD_OWNER);
        spool.loading(CliSpool.DEAD_OWNER, "flights", 8);
        spool.batch("flights", 9, "i").shortForm("shell-00000009");
        spool.foreign("flights", "ready", "readme.txt");
        spool.queue("mails");
        Files.createFile(spool.folder().resolve("mails/paused"));
        Files.createDirectories(spool.folder().resolve("owners/.new-4713-0123456789abcdef"));
        Files.createDirectories(spool.folder().resolve("owners/4714-0123456789abcdef"));
        return spool;
    }

    @ParameterizedTest
    @MethodSource("looking")
    void aSpoolIsTheSameBeforeAndAfter(String words) throws IOException {
        CliSpool spool = rich();
        List<String> before = everything(spool, words);

        for (String format : List.of("", " --json")) {
            if (format.isEmpty() || isFormatted(words)) {
                Result result = CliRun.in(spool).run((words + format).split(" "));
                assertThat(result.exit()).as(result.err()).isNotEqualTo(2);
                assertThat(result.err()).doesNotContain("\tat ");
            }
        }

        assertThat(everything(spool, words)).isEqualTo(before);
    }

    /** Those that try the disk make and remove a folder in {@code owners/}, and so move the time of that alone. */
    private static List<String> everything(CliSpool spool, String words) throws IOException {
        return CliSpool.everything(spool.folder()).stream()
                .map(line -> words.matches("(health|doctor).*") ? line.replaceFirst("^(owners \\S+) \\S+", "$1") : line)
                .toList();
    }

    private static boolean isFormatted(String words) {
        return !words.matches("(export|wait|recover|redrive|hold|release|move|purge|drop) .*");
    }

    @ParameterizedTest
    @MethodSource("looking")
    void noSpoolIsMadeByLooking(String words) throws IOException {
        Path missing = temp.resolve("missing");

        Result result =
                CliRun.in(temp).environment("TURBOQUEUE_SPOOL", "missing").run(words.split(" "));

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("turboqueue: there is no spool " + missing)
                .hasLineCount(1);
        assertThat(Files.exists(missing)).isFalse();
        try (Stream<Path> files = Files.list(temp)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void receivingMakesNoSpoolEither() {
        Result result =
                CliRun.in(temp).environment("TURBOQUEUE_SPOOL", "missing").run("receive", "flights", "--timeout", "0s");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(Files.exists(temp.resolve("missing"))).isFalse();
    }

    @Test
    void anyFolderIsNoSpoolAndIsLeftAlone() throws IOException {
        Files.writeString(temp.resolve("notes.txt"), "mine");
        List<String> before = CliSpool.everything(temp);

        Result result = CliRun.in(temp).run("stats");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("is no TurboQueue spool").hasLineCount(1);
        assertThat(CliSpool.everything(temp)).isEqualTo(before);
    }
}
