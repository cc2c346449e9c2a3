package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.ProbeDisk.Op;
import io.turboqueue.ProbeDisk.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine is a queue's to choose, and no reader needs to know which it was. */
class EngineChoiceTest {

    @TempDir
    Path temp;

    private TestSpool spool;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
    }

    @AfterEach
    void close() throws IOException {
        spool.disk().repair();
        spool.close();
    }

    private static List<String> threeMegabytes() {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            messages.add("message " + i + " " + "x".repeat(1000));
        }
        return messages;
    }

    @ParameterizedTest(name = "written by {0}, read by {1}")
    @CsvSource({"pages, jdbc", "jdbc, pages", "pages, pages"})
    void whatIsSentWithOneEngineIsReceivedWithTheOther(String writing, String reading) throws Exception {
        List<String> messages = threeMegabytes();
        try (QueueProducer<String> producer = spool.queue("engine=" + writing).producer()) {
            for (String message : messages) {
                producer.send(message);
            }
        }

        assertThat(drain(spool.queue("engine=" + reading))).containsExactlyElementsOf(messages);
    }

    @Test
    void aFirstMessageThatIsRefusedLeavesNoBatch() throws Exception {
        try (QueueProducer<String> producer = spool.queue("engine=pages").producer()) {
            spool.disk().breakAll(step -> step.op() == Op.WRITE);
            assertThatThrownBy(() -> producer.send("x".repeat(2_000_000)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("broken disk: WRITE");
            spool.disk().repair();
            producer.flush();

            assertThat(producer.publishedBatches()).isZero();
            assertThat(SpoolOnDisk.names(spool.files().ready("q"))).isEmpty();
            assertThat(spool.files().onOwners()).isEmpty();

            producer.send("a");
        }
        assertThat(drain(spool.queue())).containsExactly("a");
    }

    @Test
    void aMessageThatIsRefusedIsTheOnlyOneThatIsNotPublished() throws Exception {
        try (QueueProducer<String> producer = spool.queue("engine=pages").producer()) {
            producer.send("before");
            spool.disk().breakAll(step -> step.op() == Op.WRITE);
            assertThatThrownBy(() -> producer.send("x".repeat(2_000_000))).isInstanceOf(IOException.class);
            spool.disk().repair();
            producer.send("after");
        }
        assertThat(drain(spool.queue())).containsExactly("before", "after");
    }

    @Test
    void aBatchThatIsMostlyOnDiskIsPublishedAgainAfterAFailedSyncOfTheFile() throws Exception {
        assertPublishedOnceAfter(step -> step.op() == Op.SYNC_FILE);
    }

    /** The name is taken back then, and with it the only one that the file had. */
    @Test
    void aBatchThatIsMostlyOnDiskIsPublishedAgainAfterAFailedSyncOfTheFolder() throws Exception {
        assertPublishedOnceAfter(step -> step.is(Op.SYNC_FOLDER, "/ready"));
    }

    @Test
    void aBatchThatIsMostlyOnDiskIsPublishedAgainAfterAFailedRename() throws Exception {
        assertPublishedOnceAfter(step -> step.is(Op.RENAME, "/ready/"));
    }

    private void assertPublishedOnceAfter(Predicate<Step> broken) throws Exception {
        List<String> messages = threeMegabytes();
        try (QueueProducer<String> producer =
                spool.queue("engine=pages", "durability=power").producer()) {
            for (String message : messages) {
                producer.send(message);
            }
            spool.disk().breakAll(broken);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(producer::flush)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("broken disk");
            }
            spool.disk().repair();
        }
        assertThat(drain(spool.queue())).containsExactlyElementsOf(messages);
        assertThat(spool.files().onOwners()).isEmpty();
    }
}
