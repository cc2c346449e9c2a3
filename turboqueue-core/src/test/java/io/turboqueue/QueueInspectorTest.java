package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.StateStats;
import io.turboqueue.layout.BatchName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueInspectorTest {

    private static final StateStats NOTHING = new StateStats(0, 0, 0, Optional.empty());

    @TempDir
    Path temp;

    private TestSpool spool;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        for (String name : SpoolOnDisk.names(folder)) {
            bytes += Files.size(folder.resolve(name));
        }
        return bytes;
    }

    @Test
    void aQueueThatIsNotThereIsEmptyAndStaysAway() throws Exception {
        assertThat(spool.queue().inspector().stats()).isEqualTo(new QueueStats(Map.of(), 0, false));
        assertThat(Files.exists(spool.files().queue("q"))).isFalse();
    }

    @Test
    void batchesAreCountedInTheStateTheyAreIn() throws Exception {
        TurboQueue<String> queue = spool.queue("delivery.retryBackoff=10s");
        publish(queue, "dead", "dead", "dead", "dead");
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "delayed", "delayed", "delayed");
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "claimed", "claimed");
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "ready");
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "ready", "ready");
        long each = Files.size(spool.files()
                .ready("q")
                .resolve(SpoolOnDisk.names(spool.files().ready("q")).get(0)));
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).deadLetter("no");
            claim(consumer).nack(Duration.ofHours(1));
            ClaimedBatch<String> claimed = claim(consumer);
            QueueStats stats = queue.inspector().stats();

            assertThat(stats.ready())
                    .isEqualTo(new StateStats(
                            2, 3, bytes(spool.files().ready("q")), Optional.of(MovableTime.START.plusSeconds(3))));
            assertThat(stats.delayed())
                    .isEqualTo(new StateStats(1, 3, each, Optional.of(MovableTime.START.plusSeconds(4 + 3600))));
            assertThat(stats.claimed())
                    .isEqualTo(new StateStats(1, 2, each, Optional.of(MovableTime.START.plusSeconds(2))));
            assertThat(stats.dead()).isEqualTo(new StateStats(1, 4, each, Optional.of(MovableTime.START)));
            assertThat(stats.foreign()).isZero();

            claimed.ack();
            assertThat(queue.inspector().stats().claimed()).isEqualTo(NOTHING);
        }
    }

    @Test
    void messagesThatAreDoneAreNotCounted() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a", "b", "c");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            batch.iterator().next();
            batch.checkpoint();
            assertThat(queue.inspector().stats().claimed().messages()).isEqualTo(2);
            batch.nack(Duration.ZERO);
            assertThat(queue.inspector().stats().ready().messages()).isEqualTo(2);
        }
    }

    @Test
    void claimsOfOtherQueuesAndHalfFilledBatchesAreNotCounted() throws Exception {
        TurboQueue<String> queue = spool.queue();
        TurboQueue<String> other = spool.spool().queue("q.other", Codecs.utf8());
        publish(queue, "a");
        publish(other, "b");
        try (QueueConsumer<String> consumer = queue.consumer();
                QueueConsumer<String> otherConsumer = other.consumer()) {
            claim(consumer);
            claim(otherConsumer);
            Files.createFile(spool.spool().session().owner().path().resolve("loading~q~half.db"));
            assertThat(queue.inspector().stats().claimed().batches()).isEqualTo(1);
            assertThat(other.inspector().stats().claimed().batches()).isEqualTo(1);
        }
    }

    @Test
    void claimsOfEveryOwnerAreCounted() throws Exception {
        publish(spool.queue(), "a");
        publish(spool.queue(), "b");
        try (Spool other = Spool.open(spool.spool().folder());
                QueueConsumer<String> mine = spool.queue().consumer();
                QueueConsumer<String> theirs = other.queue("q", Codecs.utf8()).consumer()) {
            claim(mine);
            claim(theirs);
            assertThat(spool.queue().inspector().stats().claimed().batches()).isEqualTo(2);
        }
    }

    @Test
    void foreignNamesAreCountedInEveryFolder() throws Exception {
        publish(spool.queue(), "a");
        for (Path folder : new Path[] {
            spool.files().ready("q"), spool.files().later("q"), spool.files().dead("q")
        }) {
            Files.createDirectories(folder);
            Files.createFile(folder.resolve("what is this"));
        }
        QueueStats stats = spool.queue().inspector().stats();
        assertThat(stats.foreign()).isEqualTo(3);
        assertThat(stats.ready().batches()).isEqualTo(1);
    }

    @Test
    void aBatchOfAnotherProgramCountsAsABatchWithoutMessages() throws Exception {
        publish(spool.queue(), "a");
        Files.createFile(spool.files().ready("q").resolve("5-20011121T120000000Z-shell.db"));
        StateStats ready = spool.queue().inspector().stats().ready();
        assertThat(ready.batches()).isEqualTo(2);
        assertThat(ready.messages()).isEqualTo(1);
        assertThat(ready.oldest()).contains(Instant.parse("2001-11-21T12:00:00Z"));
    }

    @Test
    void lookingChangesNothing() throws Exception {
        publish(spool.queue(), "a");
        spool.disk().takeSteps();
        spool.queue().inspector().stats();
        assertThat(spool.disk().takeSteps())
                .allMatch(step -> step.op() == ProbeDisk.Op.LIST || step.op() == ProbeDisk.Op.LOOK);
    }

    @Test
    void aClosedSpoolCanStillBeLookedInto() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a");
        spool.close();
        assertThat(queue.inspector().stats().ready().batches()).isEqualTo(1);
    }

    private static List<String> texts(List<Message<byte[]>> messages) {
        return messages.stream()
                .map(message -> new String(message.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void peekShowsWhatComesNextAndClaimsNothing() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=2");
        try (QueueProducer<String> producer = queue.producer()) {
            for (String payload : List.of("a", "b", "c", "d", "e")) {
                producer.send(payload);
            }
            producer.send("urgent", SendOptions.create().priority(0).key("k").header("h", "v"));
        }
        List<String> before = SpoolOnDisk.names(spool.files().ready("q"));
        List<Message<byte[]>> peeked = queue.inspector().peek(4);

        assertThat(texts(peeked)).containsExactly("urgent", "a", "b", "c");
        assertThat(peeked.get(0).key()).isEqualTo("k");
        assertThat(peeked.get(0).headers()).containsEntry("h", "v");
        assertThat(peeked).extracting(Message::id).containsExactly(1L, 1L, 2L, 1L);
        assertThat(texts(queue.inspector().peek(100))).containsExactly("urgent", "a", "b", "c", "d", "e");
        assertThat(queue.inspector().peek(0)).isEmpty();
        assertThat(SpoolOnDisk.names(spool.files().ready("q"))).isEqualTo(before);
    }

    @Test
    void peekOfNothingIsEmpty() throws Exception {
        assertThat(spool.queue().inspector().peek(10)).isEmpty();
        assertThat(Files.exists(spool.files().queue("q"))).isFalse();
    }

    @Test
    void peekLeavesOutWhatIsDone() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a", "b", "c");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            batch.iterator().next();
            batch.checkpoint();
            assertThat(queue.inspector().peek(10)).isEmpty();
            batch.nack(Duration.ZERO);
        }
        List<Message<byte[]>> peeked = queue.inspector().peek(10);
        assertThat(texts(peeked)).containsExactly("b", "c");
        assertThat(peeked).extracting(Message::id).containsExactly(2L, 3L);
    }

    @Test
    void peekIntoADamagedBatchNamesItAndLeavesIt() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a");
        Path file = SpoolOnDisk.only(spool.files().ready("q"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        String id = BatchName.parse(file.getFileName().toString()).orElseThrow().id();

        assertThatThrownBy(() -> queue.inspector().peek(1))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageStartingWith("batch " + id + " is damaged: the content's CRC-32 is");
        assertThat(file).exists();
    }

    @Test
    void peekReadsBatchesOfOtherPrograms() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "ours");
        Path file = PlainSql.database(
                temp.resolve("made.db"), PlainSql.TABLE, "INSERT INTO message(payload) VALUES ('theirs')");
        Files.move(file, spool.files().ready("q").resolve("0-20011121T120000000Z-shell.db"));
        assertThat(texts(queue.inspector().peek(10))).containsExactly("theirs", "ours");
    }
}
