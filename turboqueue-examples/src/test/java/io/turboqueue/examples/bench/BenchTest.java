package io.turboqueue.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole benchmark with next to no messages; what it measures means nothing then. */
class BenchTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void aRunLeavesAResultsDocumentAndPlots() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path output = folder.resolve("output");

        int exit = new CommandLine(new Bench(new PrintStream(printed, true, StandardCharsets.UTF_8), Plan.TINY))
                .execute("--json", "--folder", folder.resolve("work").toString(), "--output", output.toString());

        assertThat(exit).isZero();
        JsonNode results = JSON.readTree(output.resolve("results.json").toFile());
        assertThat(results.fieldNames())
                .toIterable()
                .contains("machine", "jdk", "fileSystem", "settings", "figures", "ratios");
        assertThat(results.get("figures"))
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(figure.get("value").isNumber()).isTrue());
        ratiosAreFinite(results.get("ratios"));
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(JSON.readTree(lines.get(lines.size() - 1))).isEqualTo(results);
        assertThat(output).isDirectoryContaining("glob:**peers.svg").isDirectoryContaining("glob:**peers.png");
    }

    private static void ratiosAreFinite(JsonNode ratios) {
        assertThat(ratios).isNotEmpty().allSatisfy(ratio -> {
            assertThat(ratio.fieldNames()).toIterable().containsExactly("name", "ratio", "target", "met");
            assertThat(ratio.get("ratio").isNumber()).as("%s", ratio).isTrue();
            assertThat(ratio.get("ratio").asDouble()).as("%s", ratio).isFinite();
        });
        assertThat(StreamSupport.stream(ratios.spliterator(), false)
                        .map(ratio -> ratio.get("name").asText()))
                .doesNotHaveDuplicates()
                .contains("write / floor", "read / floor", "write / Chronicle", "write / jdbc engine");
    }
}
