package io.turboqueue.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.OtherPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process whose root is not a mount point, so that the table of mounts does not show what its spool is on; with and without
 * {@code /proc}. Only root can make one. Its mounts are in a namespace of its own and end with it.
 */
@Timeout(180)
class ChrootTest {

    private static final int PATIENCE_SECONDS = 120;

    private static final Pattern EXIT = Pattern.compile("(?m)^exit (\\d+)$");

    @TempDir
    Path temp;

    private String run(String without, String... commands) throws IOException, InterruptedException {
        Path root = temp.resolve("root");
        Files.createDirectories(root.resolve("spool"));
        Path output = temp.resolve("output");
        List<String> line = new ArrayList<>(OtherPlace.below(root, without));
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Commands.class.getName()));
        line.addAll(List.of(commands));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        // without /proc the program does not find its libraries by itself
        builder.environment()
                .put(
                        "LD_LIBRARY_PATH",
                        Path.of(System.getProperty("java.home"), "lib").toString());
        Process process = builder.start();
        assertThat(process.waitFor(PATIENCE_SECONDS, SECONDS)).isTrue();
        return Files.readString(output);
    }

    private static List<Integer> exits(String output) {
        return EXIT.matcher(output)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    @Test
    void aSpoolWhoseMountIsNotShownWorksAndTheChecksThatCannotBeMadeAreWarnings() throws Exception {
        OtherPlace.ANOTHER_ROOT_WITHOUT_PROC.assumeThere(temp);
        String output = run(
                "nothing",
                "--spool /spool send q -m hello",
                "--spool /spool stats",
                "--spool /spool health",
                "--spool /spool doctor",
                "--spool /spool receive q --timeout 0s");

        assertThat(exits(output))
                .as(output)
                .hasSize(5)
                .doesNotContain(2, 3)
                .startsWith(0, 0, 0)
                .endsWith(0);
        assertThat(output)
                .contains("WARN", "whether it is a network file system is not checked")
                .containsPattern("queue\\tq\\tready\\t1\\t1")
                .containsPattern("file system\\twarning\\t.* is not checked")
                .contains("hello");
    }

    @Test
    void withoutProcEveryCheckThatNeedsItIsAWarning() throws Exception {
        OtherPlace.ANOTHER_ROOT_WITHOUT_PROC.assumeThere(temp);
        String output = run(
                "/proc",
                "--spool /spool send q -m hello",
                "--spool /spool stats",
                "--spool /spool health",
                "--spool /spool doctor",
                "--spool /spool receive q --timeout 0s");

        assertThat(exits(output)).as(output).hasSize(5).startsWith(0, 0, 0).endsWith(0);
        assertThat(output)
                .contains("belongs to its user is not checked")
                .containsPattern("permissions\\twarning\\t.* is not checked")
                .containsPattern("file system\\twarning\\t.* is not checked")
                .contains("hello");
    }
}
