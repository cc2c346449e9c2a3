package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.turboqueue.disk.OddFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of a spool that are links, or that others may write to: nothing outside the spool is touched. */
@Timeout(120)
class OddFoldersTest {

    private static final String BATCH = "5-20261121T155801123Z-bait";

    @TempDir
    Path temp;

    private TestSpool spool;
    private Path outside;
    private Map<String, String> before = Map.of();

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        outside = Files.createDirectory(temp.resolve("outside"));
        for (String name : new String[] {
            BATCH + ".db", BATCH + "~attempts.db", "bait.db", "loading~q~bait.db", "claimed~00000001~q~" + BATCH + ".db"
        }) {
            Files.writeString(outside.resolve(name), "precious " + name);
            Files.createDirectories(outside.resolve("ready"));
            Files.writeString(outside.resolve("ready").resolve(name), "precious " + name);
        }
        before = contents();
    }

    @AfterEach
    void close() throws Exception {
        try {
            spool.close();
        } catch (OddFolderException unpublished) {
            assertThat(unpublished).hasMessageContaining(spool.spool().folder().toString());
        }
        assertThat(contents()).isEqualTo(before);
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(outside)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                contents.put(outside.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private Path linkAt(String below) throws IOException {
        Path link = spool.spool().folder().resolve(below);
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, outside);
    }

    private void publish(String... payloads) throws Exception {
        TestSpool.publish(spool.queue(), payloads);
    }

    @Test
    void emptiedFilesAreNeitherTakenFromALinkNorPutThere() throws Exception {
        linkAt("q/free");

        publish("a", "b");
        assertThat(TestSpool.drain(spool.queue())).containsExactly("a", "b");
        publish("c");
        assertThat(TestSpool.drain(spool.queue())).containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "q/ready"})
    void nothingIsPublishedIntoOrClaimedFromALink(String folder) throws Exception {
        TurboQueue<String> queue = spool.queue();
        Path link = linkAt(folder);

        assertThatThrownBy(() -> TestSpool.publish(queue, "a"))
                .isInstanceOf(OddFolderException.class)
                .hasMessageStartingWith("queue q is not served because " + link + " is a symbolic link");
        assertThatThrownBy(queue::consumer).isInstanceOf(OddFolderException.class);
        assertThatThrownBy(() -> queue.inspector().stats()).isInstanceOf(OddFolderException.class);
    }

    @Test
    void aLinkThatReplacesTheFolderLaterIsNoticedAtTheNextListing() throws Exception {
        QueueConsumer<String> consumer = spool.queue().consumer();
        publish("a");
        assertThat(consumer.poll(Duration.ZERO)).isPresent();
        Files.move(spool.files().ready("q"), temp.resolve("moved"));
        linkAt("q/ready");
        spool.time().advance(Duration.ofSeconds(10));

        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(OddFolderException.class);
    }

    @Test
    void delayedBatchesDoNotComeFromALink() throws Exception {
        QueueConsumer<String> consumer = spool.queue().consumer();
        linkAt("q/delayed");

        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(OddFolderException.class);
    }

    @Test
    void deadLettersDoNotGoIntoALink() throws Exception {
        publish("a");
        linkAt("q/dead");
        try (ClaimedBatch<String> batch = TestSpool.claim(spool.queue().consumer())) {
            assertThatThrownBy(() -> batch.deadLetter("bad")).isInstanceOf(OddFolderException.class);
            batch.ack();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx"})
    void aFolderThatOthersMayWriteToIsRefused(String mode) throws Exception {
        publish("a");
        Path ready = spool.files().ready("q");
        Files.setPosixFilePermissions(ready, PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> spool.queue().consumer())
                .isInstanceOf(OddFolderException.class)
                .hasMessage(
                        ready + " can be written by other users; run chmod go-w on it, or set allow.othersWriting to"
                                + " true if they are to be trusted");
        assertThatThrownBy(() -> publish("b")).isInstanceOf(OddFolderException.class);
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws Exception {
        publish("a");
        Path ready = spool.files().ready("q");
        assumeThat(Files.getAttribute(ready, "unix:uid"))
                .as("only root can give a folder away")
                .isEqualTo(0);
        Files.setAttribute(ready, "unix:uid", 65534);

        assertThatThrownBy(() -> spool.queue().consumer())
                .isInstanceOf(OddFolderException.class)
                .hasMessageStartingWith(ready + " belongs to user 65534, the spool to user 0");
    }

    @Test
    void whoTrustsOthersMayLetThemWrite() throws Exception {
        publish("a");
        Files.setPosixFilePermissions(spool.files().ready("q"), PosixFilePermissions.fromString("rwxrwxrwx"));

        try (Spool trusting = Spool.builder(spool.spool().folder())
                .config(QueueConfig.builder().set("allow.othersWriting", "true").build())
                .environment(Map.of(), Map.of())
                .open()) {
            assertThat(TestSpool.drain(trusting.queue("q", Codecs.utf8()))).containsExactly("a");
        }
    }
}
