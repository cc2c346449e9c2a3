package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurgeAndDropTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").ready();
        spool.batch("flights", 2, "c").age(Duration.ofDays(2)).dead("crc");
        spool.batch("flights", 3, "d").dead("attempts");
        return spool;
    }

    @Test
    void nothingIsDeletedWithoutYes() throws IOException {
        CliSpool spool = some();
        List<String> before = CliSpool.everything(spool.folder());

        for (List<String> words : List.of(
                List.of("purge", "flights", "--state", "ready", "--all"),
                List.of("purge", "flights", "--state", "dead", "--yes"),
                List.of("purge", "flights", "--all", "--yes"),
                List.of("purge", "flights", "--state", "claimed", "--all", "--yes"),
                List.of("drop", "flights"))) {
            Result result = CliRun.in(spool).run(words.toArray(String[]::new));
            assertThat(result.exit()).as("%s", words).isEqualTo(2);
            assertThat(result.err()).as("%s", words).hasLineCount(1);
        }
        assertThat(CliRun.in(spool)
                        .run("purge", "flights", "--state", "dead", "--all", "--dry-run")
                        .lines())
                .containsExactly(
                        "would be deleted: flights dead " + CliSpool.id(2),
                        "would be deleted: flights dead " + CliSpool.id(3));
        assertThat(CliRun.in(spool).run("drop", "flights", "--dry-run").line())
                .isEqualTo("would be deleted: queue flights with 3 batches");
        assertThat(CliSpool.everything(spool.folder())).isEqualTo(before);
    }

    @Test
    void whatIsPurgedIsGone() throws IOException {
        CliSpool spool = some();

        Result old = CliRun.in(spool).run("purge", "flights", "--state", "dead", "--older-than", "1d", "--yes");
        Result reason = CliRun.in(spool).run("purge", "flights", "--state", "dead", "--reason", "attempts", "--yes");

        assertThat(old.line()).isEqualTo("deleted: 1 batch, 1 message of flights");
        assertThat(reason.exit()).isZero();
        assertThat(spool.names("flights", "dead")).isEmpty();
        assertThat(spool.names("flights", "ready")).hasSize(1);
        assertThat(CliRun.in(spool)
                        .run("purge", "flights", "--state", "dead", "--all", "--yes")
                        .exit())
                .isEqualTo(3);
    }

    @Test
    void aDroppedQueueIsGoneWithItsSettings() throws IOException {
        CliSpool spool = some();
        Files.writeString(spool.folder().resolve("flights/queue.json"), "{}");
        Files.createFile(spool.folder().resolve("flights/paused"));

        Result result = CliRun.in(spool).run("drop", "flights", "--yes");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.line()).isEqualTo("deleted: queue flights with 3 batches");
        assertThat(Files.exists(spool.folder().resolve("flights"))).isFalse();
    }

    @Test
    void aQueueOfWhichBatchesAreClaimedIsNotDropped() throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 4, "e").claimed(CliSpool.DEAD_OWNER);
        List<String> before = CliSpool.everything(spool.folder());

        Result result = CliRun.in(spool).run("drop", "flights", "--yes");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("1 batch of flights claimed").hasLineCount(1);
        assertThat(CliSpool.everything(spool.folder())).isEqualTo(before);
    }

    @Test
    void droppingAQueueDeletesNothingBehindALink() throws IOException {
        CliSpool spool = some();
        Path outside = Files.createDirectories(spool.folder().resolveSibling("outside"));
        Files.writeString(outside.resolve("bait.db"), "precious");
        Files.createSymbolicLink(spool.folder().resolve("flights/free"), outside);
        List<String> before = CliSpool.everything(spool.folder());

        Result result = CliRun.in(spool).run("drop", "flights", "--yes");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("free is a symbolic link").hasLineCount(1);
        assertThat(CliSpool.everything(spool.folder())).isEqualTo(before);
        assertThat(outside.resolve("bait.db")).hasContent("precious");
    }

    @Test
    void whatCannotBeDeletedKeepsNothingElseFromBeingPurged() throws IOException {
        CliSpool spool = some();
        Files.createDirectories(spool.folder().resolve("flights/ready/0-20000101T000000000Z-folder.db/precious"));

        Result result = CliRun.in(spool).run("purge", "flights", "--state", "ready", "--all", "--yes");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("folder: ").contains("1 could not be deleted");
        assertThat(spool.names("flights", "ready")).containsExactly("0-20000101T000000000Z-folder.db");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notes.txt",
                "ready/notes.txt",
                "free/notes.txt",
                "free/a.db/notes.txt",
                "ready/0-20000101T000000000Z-folder.db/notes.txt"
            })
    void aQueueWithFilesOfSomebodyElseKeepsItsBatches(String stranger) throws IOException {
        CliSpool spool = some();
        Path file = spool.folder().resolve("flights").resolve(stranger);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mine");
        List<String> before = CliSpool.everything(spool.folder());

        Result result = CliRun.in(spool).run("drop", "flights", "--yes");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("which is not the queue's").hasLineCount(1);
        assertThat(CliSpool.everything(spool.folder())).isEqualTo(before);
    }
}
