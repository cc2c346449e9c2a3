package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterTest {

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private List<String> dead() throws IOException {
        return SpoolOnDisk.names(spool.files().dead("q"));
    }

    private void deadLetter(String reason) throws Exception {
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).deadLetter(reason);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"no-such-airport\", no-such-airport",
                "\"No such Airport!\", no-such-airport",
                "\"../../../etc/passwd\", etc-passwd",
                "\"a/b\", a-b",
                "\"~x.db\", x-db",
                "\"line\nbreak\u0000\", line-break",
                "\"Flughafen München\", flughafen-m-nchen",
                "\"\uD83D\uDE00\", rejected",
                "\"\", rejected",
                "\"---\", rejected",
                "\"0123456789012345678901234567890123456789 and more\", 0123456789012345678901234567890123456789",
                "\"012345678901234567890123456789012345678 cut at the hyphen\", 012345678901234567890123456789012345678"
            })
    void theReasonBecomesPartOfTheNameWhateverItIs(String reason, String expected) throws Exception {
        publish(queue, "a");
        deadLetter(reason);

        assertThat(dead()).hasSize(1).allMatch(name -> name.endsWith(".a1.f1~" + expected + ".db"));
        assertThat(queue.inspector().stats().dead().batches()).isEqualTo(1);
        assertThat(queue.inspector().stats().foreign()).isZero();
        assertThat(queue.redrive()).isEqualTo(1);
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void aDeadLetterIsNeitherDeliveredNorDeletedByItself() throws Exception {
        publish(queue, "a");
        deadLetter("no");
        spool.time().advance(Duration.ofDays(1000));

        assertThat(drain(queue)).isEmpty();
        assertThat(dead()).hasSize(1);
    }

    @Test
    void aDeadBatchIsOver() throws Exception {
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            batch.deadLetter("no");
            assertThatThrownBy(batch::ack)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("batch " + batch.id() + " was given back already");
            batch.close();
        }
        assertThat(dead()).hasSize(1);
        assertThat(SpoolOnDisk.names(spool.files().later("q"))).isEmpty();
    }

    @Test
    void aDeadLetterWhoseClaimWasTakenBackIsAClaimLost() throws Exception {
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            Files.move(spool.files().onlyClaim(), temp.resolve("taken.db"));
            assertThatThrownBy(() -> batch.deadLetter("no"))
                    .isInstanceOf(ClaimLostException.class)
                    .hasMessageContaining(batch.id());
        }
        assertThat(dead()).isEmpty();
    }

    @Test
    void redriveStartsCountingFailuresFromZeroAndKeepsTheAttemptAndTheOffset() throws Exception {
        TurboQueue<String> once = spool.queue("delivery.maxAttempts=1");
        publish(once, "a", "b", "c");
        try (QueueConsumer<String> consumer = once.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            batch.iterator().next();
            batch.checkpoint();
            batch.nack();
            assertThat(dead()).hasSize(1);

            assertThat(once.redrive()).isEqualTo(1);
            assertThat(dead()).isEmpty();
            ClaimedBatch<String> again = claim(consumer);
            assertThat(again.id()).isEqualTo(batch.id());
            assertThat(again.attempt()).isEqualTo(1);
            assertThat(again.failures()).isZero();
            assertThat(payloads(again)).containsExactly("b", "c");
        }
    }

    @Test
    void redriveCountsWhatItMoved() throws Exception {
        publish(queue, "a");
        publish(queue, "b");
        publish(queue, "c");
        deadLetter("one");
        deadLetter("two");

        assertThat(queue.redrive()).isEqualTo(2);
        assertThat(queue.redrive()).isZero();
        assertThat(drain(queue)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void redriveLeavesWhatIsNoDeadLetter() throws Exception {
        publish(queue, "a");
        deadLetter("no");
        Path note = Files.writeString(spool.files().dead("q").resolve("note.txt"), "look at these on Monday");

        assertThat(queue.redrive()).isEqualTo(1);
        assertThat(note).hasContent("look at these on Monday");
    }

    @Test
    void redriveOfAQueueThatNeverWasMovesNothing() throws Exception {
        assertThat(spool.spool().queue("never").redrive()).isZero();
    }

    @Test
    void redriveWakesAWaitingConsumer() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"))) {
            TurboQueue<String> realQueue = real.queue("q", Codecs.utf8());
            publish(realQueue, "a");
            try (QueueConsumer<String> consumer = realQueue.consumer();
                    Crew crew = new Crew()) {
                claim(consumer).deadLetter("no");
                var poll = crew.start(() -> consumer.poll(Duration.ofMinutes(10)));
                assertThat(realQueue.redrive()).isEqualTo(1);
                ClaimedBatch<String> batch = Crew.result(poll).orElseThrow();
                assertThat(payloads(batch)).containsExactly("a");
                batch.ack();
            }
        }
    }
}
