package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

    @TempDir
    Path temp;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aSpoolThatIsMissingIsMadeForItsUserAlone() throws Exception {
        Path folder = temp.resolve("var/spool/turboqueue");
        try (Spool spool = Spool.open(folder)) {
            assertThat(spool.folder()).isEqualTo(folder.toRealPath());
            publish(spool.queue("q", Codecs.utf8()), "a");
            assertThat(mode(folder)).isEqualTo("rwx------");
            assertThat(mode(folder.resolve("owners"))).isEqualTo("rwx------");
            assertThat(mode(folder.resolve("q/ready"))).isEqualTo("rwx------");
            assertThat(mode(SpoolOnDisk.only(folder.resolve("q/ready")))).isEqualTo("rw-------");
        }
    }

    @Test
    void anEmptyFolderOrOneWithSettingsBecomesASpool() throws Exception {
        Path empty = Files.createDirectory(temp.resolve("empty"));
        Path configured = Files.createDirectory(temp.resolve("configured"));
        Files.writeString(configured.resolve("turboqueue.json"), "{}");
        Files.createDirectory(configured.resolve("lost+found"));
        for (Path folder : List.of(empty, configured)) {
            try (Spool spool = Spool.open(folder)) {
                assertThat(spool.queues()).isEmpty();
            }
        }
    }

    @Test
    void aFolderOfOtherThingsIsRefusedAndLeftAlone() throws Exception {
        Path home = Files.createDirectory(temp.resolve("home"));
        Files.writeString(home.resolve("diary.txt"), "dear diary");
        assertThatThrownBy(() -> Spool.open(home))
                .isInstanceOf(IOException.class)
                .hasMessage(home.toRealPath() + " is no TurboQueue spool: it is not empty and has no folder"
                        + " \"owners\"; name a missing or an empty folder to make one");
        assertThat(SpoolOnDisk.names(home)).containsExactly("diary.txt");
    }

    @Test
    void aSpoolThatCannotBeOpenedSaysWhyInASentence() throws Exception {
        Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("nowhere"));
        Path loop = Files.createSymbolicLink(temp.resolve("loop"), temp.resolve("loop"));
        Path file = Files.writeString(temp.resolve("file"), "x");
        for (Path path : List.of(
                dangling,
                dangling.resolve("below"),
                loop,
                file,
                file.resolve("below"),
                file.resolve("below/below"),
                temp.resolve("n".repeat(256)),
                Path.of("/proc/spool"))) {
            assertThatThrownBy(() -> Spool.open(path))
                    .as("%s", path)
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?s)(spool|permission denied: user) .*(" + temp
                            + "|/proc).* (cannot be opened: .+ \\(at .+\\)|may not use spool .+|is not a folder)")
                    .hasMessageNotContaining("Exception");
        }
        assertThat(SpoolOnDisk.names(temp)).containsExactly("dangling", "file", "loop");
    }

    @Test
    void aFileIsNoSpool() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "x");
        assertThatThrownBy(() -> Spool.open(file))
                .isInstanceOf(IOException.class)
                .hasMessage("spool " + file + " is not a folder");
        assertThatThrownBy(() -> Spool.open(file.resolve("below")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is not a folder");
    }

    @Test
    void aLinkToNowhereIsNoSpool() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nowhere"));
        assertThatThrownBy(() -> Spool.open(link))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spool " + link);
        assertThat(Files.exists(temp.resolve("nowhere"))).isFalse();
    }

    @Test
    void aLinkToASpoolIsThatSpool() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), folder);
        try (Spool spool = Spool.open(link)) {
            assertThat(spool.folder()).isEqualTo(folder.toRealPath());
            publish(spool.queue("q", Codecs.utf8()), "a");
            assertThat(drain(spool.queue("q", Codecs.utf8()))).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwx----w-", "rwxrwx---"})
    void aFolderThatOthersMayWriteIsRefused(String mode) throws Exception {
        Path folder = Files.createDirectory(temp.resolve("shared"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> Spool.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("spool " + folder.toRealPath() + " can be written by other users; run chmod go-w on it,"
                        + " or set allow.othersWriting to true if they are to be trusted");
        assertThat(SpoolOnDisk.names(folder)).isEmpty();
    }

    @Test
    void aFolderThatOthersMayWriteIsTakenIfThatIsWanted() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("shared"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        QueueConfig trusting =
                QueueConfig.builder().set("allow.othersWriting", "true").build();
        try (Spool spool = Spool.builder(folder).config(trusting).open()) {
            publish(spool.queue("q", Codecs.utf8()), "a");
            assertThat(drain(spool.queue("q", Codecs.utf8()))).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space",
                "question?mark",
                "hash#tag",
                "per%20cent",
                "quo'te\"s",
                "semi;colon&amp",
                "äöü-\u4f60\u597d",
                "-rf",
                "tilde~x",
                "new\nline",
                "file:memory?mode=ro"
            })
    void aSpoolMayHaveAnyName(String name) throws Exception {
        Path folder;
        try {
            folder = temp.resolve(name);
        } catch (InvalidPathException notInThisLocale) {
            assumeTrue(false, "this locale has no file named " + name);
            return;
        }
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            publish(queue, "a");
            assertThat(SpoolOnDisk.names(folder.resolve("q/ready"))).hasSize(1);
            assertThat(drain(queue)).containsExactly("a");
        }
        assertThat(SpoolOnDisk.names(temp)).containsExactly(name);
    }

    static Stream<String> badNames() {
        return Stream.of(
                "",
                " ",
                ".",
                "..",
                "../x",
                "/etc/passwd",
                "a/b",
                "a\\b",
                "a..b",
                ".a",
                "a.",
                "-a",
                "_a",
                "A",
                "Flights",
                "ümlaut",
                "a b",
                "a~b",
                "a?b",
                "a*",
                "a\nb",
                "a\u0000b",
                "a%2e",
                "owners",
                "turboqueue.json",
                "x".repeat(101));
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void aBadQueueNameIsRefusedAndNothingIsMade(String name) throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            assertThatThrownBy(() -> spool.queue(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("queue name \"")
                    .hasMessageContaining("is not allowed: use a-z, 0-9, _ and - in parts joined by dots, each starting"
                            + " with a letter or digit, at most 100 characters, and not owners or turboqueue.json");
            assertThat(SpoolOnDisk.names(spool.folder())).containsExactly("owners");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "0", "flights.by-route.lax_jfk", "a-", "con", "ready", "queue.json"})
    void aGoodQueueNameIsItsFolder(String name) throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue(name, Codecs.utf8());
            publish(queue, "a");
            assertThat(queue.name()).isEqualTo(name);
            assertThat(spool.queues()).containsExactly(name);
            assertThat(drain(queue)).containsExactly("a");
        }
    }

    @Test
    void aQueueNameOfAHundredCharactersWorks() throws Exception {
        String name = "x".repeat(100);
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue(name, Codecs.utf8());
            publish(queue, "a", "b");
            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> batch = claim(consumer);
                batch.iterator().next();
                batch.checkpoint();
                batch.nack(Duration.ZERO);
                assertThat(payloads(claim(consumer))).containsExactly("b");
            }
        }
    }

    @Test
    void queuesAreTheFoldersThatCanBeQueuesInOrder() throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            for (String name : List.of("b", "a.x", "c")) {
                publish(spool.queue(name, Codecs.utf8()), "a");
            }
            Files.createDirectory(spool.folder().resolve("Not A Queue"));
            Files.writeString(spool.folder().resolve("file"), "x");
            Files.createSymbolicLink(spool.folder().resolve("link"), temp);
            assertThat(spool.queues()).containsExactly("a.x", "b", "c");
        }
    }

    @Test
    void queuesDoNotSeeEachOthersMessages() throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            publish(spool.queue("a", Codecs.utf8()), "for a");
            publish(spool.queue("a.b", Codecs.utf8()), "for a.b");
            assertThat(drain(spool.queue("a", Codecs.utf8()))).containsExactly("for a");
            assertThat(drain(spool.queue("a.b", Codecs.utf8()))).containsExactly("for a.b");
        }
    }

    @Test
    void aSpoolThatIsOnlyOpenHasNoOwnerAndNoThread() throws Exception {
        Set<String> before = turboqueueThreads();
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            TurboQueue<byte[]> queue = spool.queue("q");
            queue.inspector().stats();
            assertThat(new SpoolOnDisk(spool.folder()).owners()).isEmpty();
            assertThat(turboqueueThreads()).isEqualTo(before);
            assertThat(spool.queues()).isEmpty();
        }
    }

    @Test
    void closeTwiceIsFineAndNothingCanBeOpenedAfterwards() throws Exception {
        Spool spool = Spool.open(temp.resolve("spool"));
        TurboQueue<byte[]> queue = spool.queue("q");
        queue.producer().close();
        spool.close();
        assertThatCode(spool::close).doesNotThrowAnyException();

        String closed = "the spool " + spool.folder() + " is closed";
        assertThatThrownBy(queue::producer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(closed);
        assertThatThrownBy(queue::consumer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(closed);
        assertThatThrownBy(queue::redrive)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(closed);
        assertThatThrownBy(() -> queue.workers(1, message -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(closed);
        assertThat(new SpoolOnDisk(spool.folder()).owners()).isEmpty();
    }

    @Test
    void closingGivesOpenClaimsBackWithOneMoreAttempt() throws Exception {
        Path folder = temp.resolve("spool");
        Spool spool = Spool.open(folder);
        TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(queue.consumer());
        batch.iterator().next();
        batch.checkpoint();
        spool.close();
        assertThat(new SpoolOnDisk(folder).owners()).isEmpty();

        try (Spool again = Spool.open(folder);
                QueueConsumer<String> consumer = again.queue("q", Codecs.utf8()).consumer()) {
            ClaimedBatch<String> redelivered = claim(consumer);
            assertThat(redelivered.id()).isEqualTo(batch.id());
            assertThat(redelivered.attempt()).isEqualTo(1);
            assertThat(payloads(redelivered)).containsExactly("b");
        }
        assertThatThrownBy(batch::ack).isInstanceOf(IOException.class);
    }

    @Test
    void aFolderThatIsNotEmptyWithTheNameOfAFileOfOursKeepsNothingFromBeingGivenBackOnClose() throws Exception {
        Spool spool = Spool.open(temp.resolve("spool"));
        TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
        publish(queue, "a");
        claim(queue.consumer());
        String owner = new SpoolOnDisk(spool.folder()).owners().get(0);
        Path folder = spool.folder().resolve("owners").resolve(owner).resolve("loading~q~odd.db");
        Files.createDirectories(folder.resolve("full"));

        assertThatCode(spool::close).doesNotThrowAnyException();

        assertThat(SpoolOnDisk.names(spool.folder().resolve("q/ready"))).hasSize(1);
        String left =
                new SpoolOnDisk(spool.folder()).owners().get(0); // the owner's directory may have another name now
        assertThat(spool.folder().resolve("owners").resolve(left).resolve("loading~q~odd.db/full"))
                .isDirectory();
    }

    @Test
    void anOpenClaimAtItsLastAttemptIsADeadLetterWhenTheSpoolIsClosed() throws Exception {
        Path folder = temp.resolve("spool");
        Spool spool = Spool.builder(folder)
                .config(QueueConfig.builder().maxAttempts(1).build())
                .open();
        TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
        publish(queue, "a");
        claim(queue.consumer());
        spool.close();

        assertThat(SpoolOnDisk.names(folder.resolve("q/dead")))
                .hasSize(1)
                .allMatch(name -> name.endsWith(".a1.f1~attempts.db"));
    }

    @Test
    void anOpenClaimOfAQueueWithItsOwnLimitKeepsThatLimitWhenTheSpoolIsClosed() throws Exception {
        Path folder = temp.resolve("spool");
        Spool spool = Spool.open(folder);
        TurboQueue<String> queue = spool.queue("q", Codecs.utf8(), TestSpool.config("delivery.maxAttempts=1"));
        publish(queue, "a");
        claim(queue.consumer());
        spool.close();

        assertThat(SpoolOnDisk.names(folder.resolve("q/dead")))
                .hasSize(1)
                .allMatch(name -> name.endsWith(".a1.f1~attempts.db"));
    }

    @Test
    void twoSpoolObjectsHaveTwoOwnersAndOneClosingLeavesTheOther() throws Exception {
        Path folder = temp.resolve("spool");
        try (Spool stays = Spool.open(folder)) {
            Spool goes = Spool.open(folder);
            TurboQueue<String> queue = stays.queue("q", Codecs.utf8());
            publish(queue, "a");
            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> batch = claim(consumer);
                publish(goes.queue("q", Codecs.utf8()), "b");
                assertThat(new SpoolOnDisk(folder).owners()).hasSize(2);
                goes.close();
                assertThat(new SpoolOnDisk(folder).owners()).hasSize(1);
                batch.ack();
                assertThat(payloads(claim(consumer))).containsExactly("b");
            }
        }
    }

    @Test
    void closingEndsEveryThread() throws Exception {
        Set<String> before = turboqueueThreads();
        Spool spool = Spool.open(temp.resolve("spool"));
        TurboQueue<String> queue = spool.queue("q", Codecs.utf8(), TestSpool.config("batch.linger=1h"));
        queue.producer().send("a");
        queue.consumer();
        QueueWorkers workers = queue.workers(3, message -> {});
        assertThat(turboqueueThreads()).contains("turboqueue-linger", "turboqueue-upkeep", "turboqueue-watch");
        spool.close();
        workers.join();

        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(turboqueueThreads())
                .isEqualTo(before));
    }

    private static Set<String> turboqueueThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("turboqueue"))
                .collect(Collectors.toSet());
    }

    @Test
    void closingLeavesNoDescriptorOpen() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "this system does not tell which files are open");
        oneLife();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> turboqueueThreads()
                .isEmpty());
        int before = openDescriptors(descriptors);
        for (int i = 0; i < 15; i++) {
            oneLife();
        }
        // A loop that leaks has at least fifteen more; others in this process may open one or two meanwhile.
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(openDescriptors(descriptors))
                .isLessThan(before + 10));
    }

    private void oneLife() throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            QueueConfig lateRetries = TestSpool.config("delivery.retryBackoff=1h"); // whatever the lives take
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8(), lateRetries);
            publish(queue, "a", "bad");
            Files.writeString(
                    spool.folder().resolve("q/ready/0-20261121T120000000Z-damaged.db"), "this is no database");
            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> batch = claim(consumer);
                batch.fail(batch.iterator().next(), new IOException());
                batch.ack();
                assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            }
        }
    }

    private static int openDescriptors(Path descriptors) throws IOException {
        return SpoolOnDisk.names(descriptors).size();
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("theirs"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.setAttribute(folder, "unix:uid", 65534);
        } catch (IOException notRoot) {
            assumeTrue(false, "only root can give a folder away");
        }
        assertThatThrownBy(() -> Spool.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "spool " + folder.toRealPath() + " belongs to user 65534, this process runs as user")
                .hasMessageEndingWith("run it as the same user, or set allow.othersWriting to true");
        assertThat(SpoolOnDisk.names(folder)).isEmpty();
    }
}
