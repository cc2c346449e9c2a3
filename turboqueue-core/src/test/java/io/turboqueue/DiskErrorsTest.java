package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.drainBatches;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.ProbeDisk.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A disk that fails costs time, never messages. */
class DiskErrorsTest {

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

    static Stream<Arguments> publishSteps() {
        return Stream.of(
                Arguments.of(Op.CREATE, "/loading~", "process"),
                Arguments.of(Op.CREATE_FOLDER, "/spool/q", "process"),
                Arguments.of(Op.CREATE_FOLDER, "/q/ready", "process"),
                Arguments.of(Op.RENAME, "/ready/", "process"),
                Arguments.of(Op.CREATE, "/loading~", "power"),
                Arguments.of(Op.SYNC_FILE, "/loading~", "power"),
                Arguments.of(Op.CREATE_FOLDER, "/q/ready", "power"),
                Arguments.of(Op.SYNC_FOLDER, "/owners", "power"),
                Arguments.of(Op.RENAME, "/ready/", "power"),
                Arguments.of(Op.SYNC_FOLDER, "/ready", "power"));
    }

    @ParameterizedTest
    @MethodSource("publishSteps")
    void aFlushThatFailsKeepsItsMessagesAndALaterOnePublishesThemOnce(Op op, String where, String durability)
            throws Exception {
        TurboQueue<String> queue = spool.queue("durability=" + durability);
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        producer.send("b");
        spool.disk().breakAll(step -> step.is(op, where));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(producer::flush).isInstanceOf(IOException.class).hasMessageStartingWith("broken disk: ");
            assertThat(SpoolOnDisk.names(spool.files().ready("q"))).isEmpty();
            assertThat(producer.publishedMessages()).isZero();
        }
        producer.send("c");
        spool.disk().repair();
        producer.flush();

        assertThat(producer.publishedMessages()).isEqualTo(3);
        assertThat(spool.files().onOwners()).isEmpty();
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b", "c"));
        producer.close();
        assertThat(drain(queue)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            names = {"LIST", "LOOK", "UNLINK"})
    void aBrokenLookOrUnlinkNeitherLosesNorDoubles(Op op) throws Exception {
        TurboQueue<String> queue = spool.queue();
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        spool.disk().breakAll(step -> step.op() == op);
        try {
            producer.flush();
        } catch (IOException broken) {
            assertThat(broken).hasMessageStartingWith("broken disk: ");
        }
        spool.disk().repair();
        producer.send("b");
        producer.close();

        assertThat(drain(queue)).containsExactly("a", "b");
        assertThat(producer.publishedMessages()).isEqualTo(2);
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void afterAFailedCleanUpNoEmptyBatchIsPublished() throws Exception {
        TurboQueue<String> queue = spool.queue();
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        spool.disk().breakAll(step -> step.op() == Op.UNLINK);
        try {
            producer.flush();
        } catch (IOException broken) {
            assertThat(broken).hasMessageStartingWith("broken disk: ");
        }
        spool.disk().repair();
        producer.close();

        assertThat(SpoolOnDisk.names(spool.files().ready("q"))).hasSize(1).allMatch(name -> name.contains(".n1."));
        assertThat(producer.publishedMessages()).isEqualTo(1);
        assertThat(producer.publishedBatches()).isEqualTo(1);
    }

    @Test
    void aSendThatFillsABatchDoesNotFailForTheMessageIsAccepted() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=2");
        QueueProducer<String> producer = queue.producer();
        spool.disk().breakAll(step -> step.is(Op.RENAME, "/ready/"));
        producer.send("a");
        producer.send("b");
        assertThatThrownBy(() -> producer.send("refused")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> producer.send("refused")).isInstanceOf(IOException.class);
        spool.disk().repair();
        producer.send("c");
        producer.close();

        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b"), List.of("c"));
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void aCloseThatFailsMayBeTriedAgain() throws Exception {
        TurboQueue<String> queue = spool.queue();
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        spool.disk().breakAll(step -> step.is(Op.RENAME, "/ready/"));
        assertThatThrownBy(producer::close).isInstanceOf(IOException.class);
        spool.disk().repair();
        producer.close();

        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void aSpoolThatCannotPublishWhenClosedSaysSoAndLeavesNoDebris() throws Exception {
        spool.queue().producer().send("lost");
        spool.disk().breakAll(step -> step.is(Op.RENAME, "/ready/"));
        assertThatThrownBy(spool::close).isInstanceOf(IOException.class).hasMessageStartingWith("broken disk: RENAME");

        assertThat(spool.files().owners()).isEmpty();
    }

    @Test
    void aSpoolWhoseOwnerCannotBeOpenedCanBeUsedOnceItCan() throws Exception {
        ProbeDisk disk = new ProbeDisk();
        Path folder = temp.resolve("other");
        try (Spool other = Spool.builder(folder).disk(disk).open()) {
            for (Op op : List.of(Op.CREATE_FOLDER, Op.RENAME)) {
                disk.breakAll(step -> step.is(op, "/owners/"));
                assertThatThrownBy(() -> other.queue("q").producer())
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("broken disk: " + op);
            }
            disk.repair();
            publish(other.queue("q", Codecs.utf8()), "a");
            assertThat(drain(other.queue("q", Codecs.utf8()))).containsExactly("a");
        }
    }

    @Test
    void aFailedClaimLeavesTheBatchReady() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a");
        List<String> before = SpoolOnDisk.names(spool.files().ready("q"));
        try (QueueConsumer<String> consumer = queue.consumer()) {
            spool.disk().breakAll(step -> step.is(Op.RENAME, "/claimed~"));
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("broken disk: RENAME");
            assertThat(SpoolOnDisk.names(spool.files().ready("q"))).isEqualTo(before);

            spool.disk().repair();
            assertThat(payloads(claim(consumer))).containsExactly("a");
        }
    }

    @Test
    void aFailedStepOfAClaimedBatchMayBeTriedAgain() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a", "b");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            batch.iterator().next();
            spool.disk().breakAll(step -> step.op() == Op.RENAME);
            assertThatThrownBy(batch::checkpoint).isInstanceOf(IOException.class);
            assertThatThrownBy(batch::nack).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> batch.nack(Duration.ZERO)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> batch.deadLetter("no")).isInstanceOf(IOException.class);
            spool.disk().repair();
            batch.checkpoint();
            batch.nack(Duration.ZERO);
            assertThat(payloads(claim(consumer))).containsExactly("b");
        }
    }

    /** One life of a few messages: every operation of the disk fails once in turn. */
    @ParameterizedTest
    @EnumSource(Durability.class)
    void whicheverStepFailsOnceEveryMessageIsHandledOnceItWorksAgain(Durability durability) throws Exception {
        int n = 1;
        boolean reached = true;
        while (reached) {
            Path folder = temp.resolve(durability + "-" + n);
            reached = lifeWithAFault(folder, durability, n);
            n++;
        }
        assertThat(n).isGreaterThan(20);
    }

    private static boolean lifeWithAFault(Path folder, Durability durability, int n) throws Exception {
        try (TestSpool spool = new TestSpool(folder)) {
            TurboQueue<String> queue =
                    spool.queue("durability=" + durability, "batch.maxMessages=2", "delivery.maxAttempts=1000");
            List<ProbeDisk.Step> hit = new ArrayList<>();
            List<String> done = new ArrayList<>();
            spool.disk().takeSteps();
            spool.disk().breakNth(n, step -> hit.add(step));
            QueueProducer<String> producer = queue.producer();
            for (String message : List.of("a", "b", "c")) {
                persistently(() -> producer.send(message));
            }
            persistently(producer::close);
            QueueConsumer<String>[] consumer = newArray();
            persistently(() -> consumer[0] = queue.consumer());
            for (int round = 0; round < 12; round++) {
                spool.time().advance(Duration.ofHours(2));
                handleOne(consumer[0], round, done);
            }
            boolean broke = hit.size() >= n;
            spool.disk().repair();
            assertThat(done)
                    .as("step %d broke: %s", n, broke ? hit.get(n - 1) : "none")
                    .contains("a", "b", "c");
            assertThat(done)
                    .as("step %d broke: %s", n, broke ? hit.get(n - 1) : "none")
                    .hasSize(3);
            assertThat(SpoolOnDisk.names(spool.files().dead("q"))).isEmpty();
            assertThat(spool.files().onOwners()).isEmpty();
            return broke;
        }
    }

    private static void handleOne(QueueConsumer<String> consumer, int round, List<String> done) throws Exception {
        Optional<ClaimedBatch<String>> claimed = Optional.empty();
        try {
            claimed = consumer.poll(Duration.ZERO);
        } catch (IOException broken) {
            assertThat(broken).hasMessageContaining("broken disk");
        }
        if (claimed.isEmpty()) {
            return;
        }
        ClaimedBatch<String> batch = claimed.get();
        List<String> handled = new ArrayList<>();
        for (Message<String> message : batch) {
            if (round < 3 && message.payload().equals("b")) {
                batch.fail(message, new IOException("not yet"));
            } else {
                handled.add(message.payload());
            }
        }
        persistently(batch::ack);
        done.addAll(handled);
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Tries once more after a broken disk. */
    private static void persistently(Work work) throws Exception {
        try {
            work.run();
        } catch (IOException broken) {
            assertThat(broken).hasMessageContaining("broken disk");
            work.run();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static QueueConsumer<String>[] newArray() {
        return new QueueConsumer[1];
    }
}
