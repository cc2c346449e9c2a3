package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        Files.writeString(spool.folder().resolve("turboqueue.json"), "{\"batch\": {\"maxMessages\": 7}}");
        Files.writeString(spool.queue("flights").resolve("queue.json"), "{\"delivery\": {\"maxAttempts\": 3}}");
        return spool;
    }

    @Test
    void originsAreShownOnRequest() throws IOException {
        CliSpool spool = some();

        Result result =
                CliRun.in(spool).environment("TURBOQUEUE_BATCH_LINGER", "2s").run("config", "flights", "--show-origin");

        assertThat(result.exit()).isZero();
        assertThat(result.bars())
                .containsPattern("batch.maxMessages\\|7\\|.*turboqueue.json")
                .containsPattern("delivery.maxAttempts\\|3\\|.*queue.json")
                .containsPattern("batch.linger\\|2s\\|.*TURBOQUEUE_BATCH_LINGER");
        assertThat(CliRun.in(spool).run("config", "flights").lines())
                .allSatisfy(line -> assertThat(line.split("\t", -1)).hasSize(2));
    }

    @Test
    void aTerminalGetsATable() throws IOException {
        assertThat(CliRun.in(some())
                        .terminal()
                        .run("config", "flights", "--show-origin")
                        .lines()
                        .get(0))
                .matches("SETTING +VALUE +ORIGIN");
    }

    @Test
    void theFieldsOfTheJsonArePinned() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool).run("config", "flights", "--json").line())
                .startsWith("{\"settings\":[{\"setting\":\"batch.maxMessages\",\"value\":\"7\"},");
        assertThat(CliRun.in(spool)
                        .run("config", "flights", "--show-origin", "--ndjson")
                        .lines())
                .allSatisfy(line -> assertThat(line)
                        .matches("\\{\"setting\":\"[^\"]+\",\"value\":\"[^\"]*\",\"origin\":\"[^\"]+\"}"));
    }

    @Test
    void aQueueThatIsNotThereHasSettingsToo() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool).run("config", "mails").exit()).isZero();
        assertThat(Files.exists(spool.folder().resolve("mails"))).isFalse();
    }

    @Test
    void aWrongSettingFailsInOneLineThatNamesIt() throws IOException {
        CliSpool spool = some();
        Files.writeString(spool.folder().resolve("flights/queue.json"), "{\"delivery\": {\"maxAtempts\": 3}}");

        Result result = CliRun.in(spool).run("config", "flights");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .contains("maxAtempts")
                .contains("delivery.maxAttempts")
                .hasLineCount(1);
    }

    @Test
    void aNameThatIsNoQueuesIsAUsageError() throws IOException {
        Result result = CliRun.in(some()).run("config", "No Queue");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1);
    }
}
