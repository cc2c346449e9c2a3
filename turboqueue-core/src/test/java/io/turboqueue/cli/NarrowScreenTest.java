package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.support.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At 80 columns every line fits, and so the screen's edge cuts no value in two. */
class NarrowScreenTest {

    private static final int COLUMNS = 80;
    private static final String QUEUE = "flights.by-route.north-atlantic";

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch(QUEUE, 1, "a".repeat(70), "b")
                .with(CliSpool.message("a-key-of-some-length-like-a-uuid", "{\"h\":\"v\"}", "word ".repeat(40)))
                .age(Duration.ofDays(40))
                .ready();
        spool.batch(QUEUE, 2, "c").attempt(4).dead("attempts");
        spool.batch(QUEUE, 3, "d").dead("crc");
        spool.batch(QUEUE, 4, "e").claimed(CliSpool.DEAD_OWNER);
        CliSpool.flip(spool.batch(QUEUE, 5, "f").held(), 5000);
        spool.foreign(QUEUE, "ready", "a-file-of-somebody-else-with-a-rather-long-name.txt");
        return spool;
    }

    private List<String> screen(String... words) throws IOException {
        return CliRun.in(some())
                .environment("NO_COLOR", "1")
                .terminal(new Terminal(false, true, true, COLUMNS, 24))
                .run(words)
                .lines();
    }

    /** What a file's path is made of has no blank, so it may be longer than any screen. */
    private boolean fits(String drawn) {
        String line = drawn.replaceAll("\u001b\\[[HKJ]", "");
        return line.length() <= COLUMNS || line.contains(temp.getFileName().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats",
                "stats --watch --count 1",
                "ls",
                "show 00000001",
                "show 00000005",
                "peek " + QUEUE,
                "shape",
                "shape --messages",
                "verify",
                "health",
                "doctor",
                "config " + QUEUE + " --show-origin",
                "sql " + QUEUE
            })
    void everyLineFits(String words) throws IOException {
        List<String> args = new ArrayList<>(List.of(words.split(" ")));
        if (args.get(0).equals("sql")) {
            args.add("select batch, id, time, key, payload from message");
        }

        List<String> lines = screen(args.toArray(String[]::new));

        assertThat(lines).isNotEmpty().allMatch(this::fits);
    }

    @Test
    void valuesStayWhole() throws IOException {
        String ls = String.join("\n", screen("ls"));

        assertThat(ls).contains(QUEUE, CliSpool.id(1), "2026-10-12 12:00:00", "attempts", "4711-k3v9q2m7x4wd8c1z");
    }
}
