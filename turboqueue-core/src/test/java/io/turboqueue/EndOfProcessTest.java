package io.turboqueue;

import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that end in good order, however often and whatever their handlers do: nothing healthy is set aside for it. */
@Timeout(300)
class EndOfProcessTest {

    private static final int SIGTERMS = 7; // more than there are attempts

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void name() {
        folder = temp.resolve("spool");
    }

    private ChildJvm start(String how) throws IOException {
        return ChildJvm.start(temp, EndingProcess.class, how, folder.toString());
    }

    private void send(String... payloads) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            publish(spool.queue("q", Codecs.utf8()), payloads);
        }
    }

    private List<String> drain() throws Exception {
        try (Spool spool = Spool.open(folder)) {
            return TestSpool.drain(spool.queue("q", Codecs.utf8()));
        }
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private List<String> dead() throws IOException {
        return SpoolOnDisk.names(folder.resolve("q/dead"));
    }

    private void requireNoOwners() throws IOException {
        assertThat(SpoolFiles.leftovers(folder)).noneMatch(path -> path.startsWith("owners"));
    }

    @Test
    void sevenSigtermsInOneBatchSetNothingAsideAndRepeatNothing() throws Exception {
        send(numbers(400));
        List<String> handled = new ArrayList<>();
        for (int i = 0; i < SIGTERMS; i++) {
            try (ChildJvm child = start("work")) {
                handled.add(child.nextLine());
                handled.add(child.nextLine());
                child.terminate();
                handled.addAll(child.remainingLines());
            }
            requireNoOwners();
        }
        assertThat(dead()).isEmpty();
        handled.addAll(drain());
        assertThat(handled).containsExactlyInAnyOrder(numbers(400));
    }

    @Test
    void aConsumerInALoopOfItsOwnFinishesItsBatchAndClaimsNoMore() throws Exception {
        send("first", "second", "third");
        send("of another batch");
        try (ChildJvm child = start("poll")) {
            assertThat(child.nextLine()).isEqualTo("first");
            child.terminate();
            assertThat(child.remainingLines()).isEqualTo(List.of("second", "third"));
            assertThat(child.errorText()).doesNotContain("Exception");
        }
        requireNoOwners();
        try (Spool spool = Spool.open(folder);
                QueueConsumer<String> consumer = spool.queue("q", Codecs.utf8()).consumer()) {
            ClaimedBatch<String> other = TestSpool.claim(consumer);
            assertThat(other.attempt()).isZero();
            assertThat(TestSpool.payloads(other)).containsExactly("of another batch");
            other.ack();
        }
    }

    @Test
    void aMessageWhoseHandlerHangsIsDeadAloneAfterFiveEndedProcesses() throws Exception {
        send("a", "hangs", "b", "c");
        List<String> handled = new ArrayList<>();
        for (int i = 0; i < 10 && dead().isEmpty(); i++) {
            try (ChildJvm child = start("hang")) {
                String line = child.nextLine();
                while (!line.equals("hangs")) {
                    handled.add(line);
                    line = child.nextLine();
                }
                handled.add(line);
                child.terminate();
            }
        }
        handled.addAll(drain());
        assertThat(handled).containsExactlyInAnyOrder("a", "hangs", "hangs", "hangs", "hangs", "hangs", "b", "c");
        assertThat(dead()).singleElement().asString().contains(".n1.");
    }

    @Test
    void exitInAHandlerEndsTheProcessThoughAHookClosesTheSpool() throws Exception {
        send("exits", "b");
        try (ChildJvm child = start("exit")) {
            assertThat(child.nextLine()).isEqualTo("exits");
            assertThat(child.awaitExit()).isEqualTo(3);
            assertThat(child.remainingLines()).isEmpty();
        }
        requireNoOwners();
        List<String> left = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            left.addAll(drain());
            return left.size() == 2;
        });
        assertThat(new HashSet<>(left)).containsExactlyInAnyOrder("exits", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"return", "forget"})
    void whatWasSentAndNotFlushedIsPublishedWhenMainReturns(String how) throws Exception {
        try (ChildJvm child = start(how)) {
            assertThat(child.awaitExit()).isZero();
        }
        requireNoOwners();
        assertThat(drain()).hasSize(100);
    }
}
