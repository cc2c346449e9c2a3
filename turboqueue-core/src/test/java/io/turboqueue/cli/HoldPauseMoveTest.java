package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldPauseMoveTest {

    @TempDir
    Path temp;

    private CliSpool some() throws IOException {
        CliSpool spool = new CliSpool(temp);
        spool.batch("flights", 1, "a", "b").ready();
        spool.batch("flights", 2, "c").age(Duration.ofMinutes(-5)).delayed();
        spool.batch("flights", 3, "d").dead("crc");
        return spool;
    }

    @Test
    void heldBatchesAreNotReceivedUntilReleased() throws IOException {
        CliSpool spool = some();

        Result held = CliRun.in(spool).run("hold", "flights", "--all");

        assertThat(held.exit()).isZero();
        assertThat(held.line()).isEqualTo("held: 2 batches, 3 messages of flights");
        assertThat(spool.names("flights", "held")).hasSize(2);
        assertThat(CliRun.in(spool).run("receive", "flights", "--timeout", "0s").exit())
                .isEqualTo(3);

        Result released = CliRun.in(spool).run("release", "flights", "--all");

        assertThat(released.line()).isEqualTo("released: 2 batches, 3 messages of flights");
        assertThat(spool.names("flights", "ready")).hasSize(1);
        assertThat(spool.names("flights", "delayed")).hasSize(1);
    }

    @Test
    void holdingWantsToKnowWhich() throws IOException {
        CliSpool spool = some();

        Result result = CliRun.in(spool).run("hold", "flights");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("say which batches").hasLineCount(1);
        assertThat(CliRun.in(spool)
                        .run("hold", "flights", "00000001", "--dry-run")
                        .line())
                .isEqualTo("would be held: flights ready " + CliSpool.id(1));
        assertThat(CliRun.in(spool).run("hold", "flights", "00000003").exit()).isEqualTo(3);
    }

    @Test
    void nothingHeldIsThree() throws IOException {
        assertThat(CliRun.in(some()).run("release", "flights", "--all").exit()).isEqualTo(3);
    }

    @Test
    void aConsumerSeesThatAQueueIsPausedAndResumed() throws IOException {
        CliSpool spool = some();

        Result paused = CliRun.in(spool).run("pause", "flights");
        Result twice = CliRun.in(spool).run("pause", "flights");

        assertThat(paused.line()).isEqualTo("flights is paused");
        assertThat(twice.line()).isEqualTo("flights was paused already");
        assertThat(CliRun.in(spool).run("receive", "flights", "--timeout", "0s").exit())
                .isEqualTo(3);

        assertThat(CliRun.in(spool).run("resume", "flights").exit()).isZero();
        assertThat(CliRun.in(spool).run("resume", "flights").exit()).isZero();
        assertThat(CliRun.in(spool).run("receive", "flights", "--timeout", "0s").out())
                .isEqualTo("a\nb\n");
    }

    @Test
    void pausingAQueueThatIsNotThereIsThreeAndMakesNone() throws IOException {
        CliSpool spool = some();

        assertThat(CliRun.in(spool).run("pause", "mails").exit()).isEqualTo(3);
        assertThat(CliRun.in(spool).run("resume", "mails").exit()).isEqualTo(3);
        assertThat(Files.exists(spool.folder().resolve("mails"))).isFalse();
    }

    @Test
    void batchesAreMovedAsTheyAre() throws IOException {
        CliSpool spool = some();
        List<String> dead = spool.names("flights", "dead");

        Result ready = CliRun.in(spool).run("move", "flights", "--all", "--to", "mails");
        Result rest = CliRun.in(spool).run("move", "flights", "--all", "--to", "mails", "--state", "dead,delayed");

        assertThat(ready.line()).isEqualTo("moved to mails: 1 batch, 2 messages of flights");
        assertThat(rest.exit()).isZero();
        assertThat(spool.names("mails", "ready")).hasSize(1);
        assertThat(spool.names("mails", "delayed")).hasSize(1);
        assertThat(spool.names("mails", "dead")).isEqualTo(dead);
    }

    @Test
    void whatCannotBeMovedIsAUsageErrorAndMakesNoQueue() throws IOException {
        CliSpool spool = some();

        for (List<String> wrong : List.of(
                List.of("move", "flights", "--to", "mails"),
                List.of("move", "flights", "--all"),
                List.of("move", "flights", "--all", "--to", "flights"),
                List.of("move", "flights", "--all", "--to", "No Queue"),
                List.of("move", "flights", "--all", "--to", "mails", "--state", "claimed"))) {
            Result result = CliRun.in(spool).run(wrong.toArray(String[]::new));
            assertThat(result.exit()).as("%s", wrong).isEqualTo(2);
            assertThat(result.err()).as("%s", wrong).hasLineCount(1);
        }
        CliRun.in(spool).run("move", "flights", "--to", "mails", "--older-than", "1d");
        assertThat(Files.exists(spool.folder().resolve("mails"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hold flights --all",
                "release flights --all",
                "move flights --all --to mails",
                "purge flights --state ready --all --yes",
                "redrive flights --all",
                "drop flights --yes"
            })
    void aFolderThatOthersMayWriteToIsRefused(String command) throws IOException {
        CliSpool spool = some();
        spool.batch("flights", 4, "e").held();
        spool.batch("flights", 5, "f").dead("attempts");
        for (String state : List.of("ready", "held", "dead")) {
            openToAll(spool.folder().resolve("flights").resolve(state));
        }
        List<String> before = spool.files();

        Result refused = CliRun.in(spool).run(command.split(" "));

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("can be written by other users; run chmod go-w on it");
        assertThat(spool.files()).isEqualTo(before);
        Files.writeString(spool.folder().resolve("turboqueue.json"), "{\"allow.othersWriting\": true}");
        assertThat(CliRun.in(spool).run(command.split(" ")).exit()).isZero();
    }

    @Test
    void aQueueFolderThatOthersMayWriteToIsNotPaused() throws IOException {
        CliSpool spool = some();
        openToAll(spool.folder().resolve("flights"));

        Result refused = CliRun.in(spool).run("pause", "flights");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("flights can be written by other users")
                .hasLineCount(1);
        assertThat(spool.folder().resolve("flights").resolve("paused")).doesNotExist();
    }

    @Test
    void whatOthersMayWriteToIsStillShown() throws IOException {
        CliSpool spool = some();
        openToAll(spool.folder().resolve("flights").resolve("ready"));

        assertThat(CliRun.in(spool).run("ls", "flights").lines()).hasSizeGreaterThan(1);
        assertThat(CliRun.in(spool).run("peek", "flights").exit()).isZero();
    }

    private static void openToAll(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}
