package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.Spool;
import io.turboqueue.cli.CliRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A symbolic link in the place of a queue's folder: everybody refuses it, and says so. */
class LinkedQueueTest {

    @TempDir
    Path temp;

    private CliSpool spool;
    private Path target;

    @BeforeEach
    void linkAQueue() throws IOException {
        spool = new CliSpool(temp);
        spool.batch("linked", 1, "a").ready();
        spool.batch("plain", 2, "b").ready();
        Path folder = spool.folder().resolve("linked");
        target = Files.move(folder, temp.resolve("elsewhere"));
        Files.createSymbolicLink(folder, target);
    }

    private String sentence() {
        return "queue linked is not served because " + spool.folder().resolve("linked") + " is a symbolic link";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats linked",
                "ls linked",
                "peek linked",
                "cat linked",
                "tail linked",
                "shape linked",
                "verify linked",
                "health linked",
                "config linked",
                "sql linked select*from(message)",
                "send linked -m x",
                "receive linked --timeout 0s",
                "wait linked --timeout 0s",
                "export linked",
                "redrive linked --all",
                "hold linked --all",
                "release linked --all",
                "pause linked",
                "resume linked",
                "move linked --all --to plain",
                "move plain --all --to linked",
                "purge linked --state ready --all --yes",
                "drop linked --yes"
            })
    void everyVerbRefusesItInOneSentenceAndTouchesNothing(String words) throws IOException {
        List<String> before = CliSpool.everything(target);

        Result result = CliRun.in(spool).run(words.split(" "));

        assertThat(result.exit()).as(words).isEqualTo(1);
        assertThat(result.err()).containsOnlyOnce(sentence()).doesNotContain("\tat ");
        assertThat(CliSpool.everything(target)).isEqualTo(before);
        assertThat(spool.names("plain", "ready")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stats", "ls", "shape", "verify", "wait --timeout 0s"})
    void verbsAboutAllQueuesLeaveItOutAndSayWhy(String words) {
        Result result = CliRun.in(spool).run(words.split(" "));

        assertThat(result.out()).doesNotContain("linked");
        assertThat(result.err()).containsOnlyOnce(sentence());
    }

    @Test
    void probesAndTheDoctorWarn() {
        assertThat(CliRun.in(spool).run("health").line())
                .startsWith("warning: ")
                .contains("linked: " + sentence());
        assertThat(CliRun.in(spool).run("doctor").out()).contains("queue linked\twarning\t" + sentence());
    }

    @Test
    void theLibraryRefusesIt() throws IOException {
        try (Spool open = Spool.open(spool.folder())) {
            assertThat(open.queues()).containsExactly("plain");
            assertThatThrownBy(() -> open.queue("linked"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(sentence());
        }
    }

    @Test
    void aLinkInThePlaceOfAStatesFolderIsRefusedToo() throws IOException {
        Path ready = spool.folder().resolve("plain/ready");
        Files.move(ready, temp.resolve("ready"));
        Files.createSymbolicLink(ready, temp.resolve("ready"));
        List<String> before = CliSpool.everything(temp.resolve("ready"));

        try (Spool open = Spool.open(spool.folder())) {
            assertThatThrownBy(() -> open.queue("plain").consumer())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(ready + " is a symbolic link");
        }
        assertThat(CliSpool.everything(temp.resolve("ready"))).isEqualTo(before);
    }
}
