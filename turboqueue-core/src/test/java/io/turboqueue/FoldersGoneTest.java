package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody deletes or replaces folders while they are in use. What can be made again is; a spool that is gone is an error that
 * names it, never silence.
 */
class FoldersGoneTest {

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
    void close() {
        assertThatCode(spool::close).as("closing after a folder was lost").doesNotThrowAnyException();
    }

    private Path folder() {
        return spool.spool().folder();
    }

    private Path ready() {
        return spool.files().ready("q");
    }

    private Path owner() throws IOException {
        return spool.spool().session().owner().path();
    }

    @Test
    void aPollOfADeletedQueueFindsNothingUntilSomebodyMakesItAgain() throws Exception {
        publish(queue, "deleted");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            SpoolOnDisk.deleteTree(spool.files().queue("q"));
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            assertThat(ready()).as("made by a consumer").doesNotExist();

            publish(queue, "a");
            assertThat(TestSpool.payloads(claim(consumer))).containsExactly("a");
        }
    }

    @Test
    void aWaitingPollOfADeletedQueueGetsWhatComesWhenItWasMadeAgain() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"));
                QueueConsumer<byte[]> consumer = real.queue("q").consumer();
                Crew crew = new Crew()) {
            Future<?> poll = crew.start(
                    () -> consumer.poll(Duration.ofMinutes(10)).orElseThrow().size());
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            SpoolOnDisk.deleteTree(real.folder().resolve("q"));
            try (QueueProducer<byte[]> producer = real.queue("q").producer()) {
                producer.send(new byte[1]);
            }
            assertThat(Crew.result(poll)).isEqualTo(1);
        }
    }

    @Test
    void aDeletedQueueIsMadeAnewByTheNextPublish() throws Exception {
        publish(queue, "deleted");
        SpoolOnDisk.deleteTree(spool.files().queue("q"));
        publish(queue, "a");
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void aClaimOutlivesItsQueueAndIsDoneByItsAck() throws Exception {
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            SpoolOnDisk.deleteTree(spool.files().queue("q"));
            batch.ack();
        }
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void aNackIntoADeletedQueueKeepsTheBatch() throws Exception {
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            SpoolOnDisk.deleteTree(spool.files().queue("q"));
            batch.nack();
        }
        spool.time().advance(Duration.ofMinutes(1));
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void aNackAtOnceIntoADeletedQueueKeepsTheBatch() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch;
        try (QueueConsumer<String> consumer = queue.consumer()) {
            batch = claim(consumer);
            SpoolOnDisk.deleteTree(spool.files().queue("q"));
            batch.nack(Duration.ZERO);
        }
        spool.time().advance(Duration.ofMinutes(1));
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void withItsDirectoryGoneAConsumerTakesANewOneAndGoesOn() throws Exception {
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Path lost = owner();
            SpoolOnDisk.deleteTree(lost);
            ClaimedBatch<String> batch = claim(consumer);
            assertThat(owner()).isNotEqualTo(lost).isDirectory();
            assertThat(spool.files().onlyClaim()).hasParent(owner());
            batch.ack();
        }
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void withItsDirectoryGoneAConsumerOfAnEmptyQueueTakesANewOneToo() throws Exception {
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Path lost = owner();
            SpoolOnDisk.deleteTree(lost);
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            assertThat(owner()).isNotEqualTo(lost).isDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource
    void withItsDirectoryGoneAProducerPublishesWhatItHasBuffered(Engine engine) throws Exception {
        queue = spool.queue("batch.maxBytes=8MiB", "engine=" + engine.name().toLowerCase(Locale.ROOT));
        QueueProducer<String> producer = queue.producer();
        String large = "x".repeat(100_000); // in the file, and no longer in memory
        for (int i = 0; i < 30; i++) {
            producer.send(i + large);
        }
        SpoolOnDisk.deleteTree(owner());
        producer.send("after");
        producer.flush();

        assertThat(producer.publishedMessages()).isEqualTo(31);
        assertThat(drain(queue)).hasSize(31).startsWith("0" + large).endsWith("after");
    }

    @Test
    void withItsDirectoryGoneAProducerCanBeginABatch() throws Exception {
        QueueProducer<String> producer = queue.producer();
        SpoolOnDisk.deleteTree(owner());
        producer.send("a");
        producer.flush();
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void withItsOwnerGoneAnAckIsALostClaim() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(queue.consumer());
        SpoolOnDisk.deleteTree(owner());
        assertThatThrownBy(batch::ack).isInstanceOf(IOException.class).hasMessageContaining(batch.id());
    }

    @Test
    void withTheSpoolGoneProducersAndConsumersSayWhatIsMissing() throws Exception {
        QueueConsumer<String> consumer = queue.consumer();
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        SpoolOnDisk.deleteTree(folder());

        assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("folder " + folder())
                .hasMessageContaining("is gone:");
        assertThatThrownBy(producer::flush)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("folder " + folder())
                .hasMessageContaining("is gone:");
        assertThat(producer.abandon()).isEqualTo(1);
        assertThat(Files.exists(folder())).isFalse();
    }

    @Test
    void aSpoolThatWasReplacedByANewOneIsNotMistakenForTheOldOne() throws Exception {
        QueueConsumer<String> consumer = queue.consumer();
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        Path owner = owner();
        Files.move(folder(), temp.resolve("moved away"));
        try (Spool replaced = Spool.open(folder())) {
            publish(replaced.queue("q", Codecs.utf8()), "new");

            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("folder " + owner + " is gone:");
            assertThatThrownBy(producer::flush)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("folder " + owner + " is gone:");
            assertThat(producer.abandon()).isEqualTo(1);
            assertThat(drain(replaced.queue("q", Codecs.utf8()))).containsExactly("new");
        }
    }

    @Test
    void closingASpoolThatIsGoneSaysWhichMessagesAreLostAndStillCloses() throws Exception {
        QueueProducer<String> producer = queue.producer();
        producer.send("lost");
        SpoolOnDisk.deleteTree(folder());
        assertThatThrownBy(spool::close).isInstanceOf(IOException.class).hasMessageContaining(folder().toString());
        assertThatThrownBy(() -> producer.send("b"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the producer of queue q is closed");
        assertThat(Files.exists(folder())).isFalse();
    }

    @Test
    void aRunningSpoolWhoseOwnersFolderIsGoneFailsOnEachNewPoll() throws Exception {
        publish(queue, "a");
        QueueConsumer<String> consumer = queue.consumer();
        SpoolOnDisk.deleteTree(folder().resolve("owners"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is gone:");
        }
        assertThat(SpoolOnDisk.names(ready())).hasSize(1);
    }

    @Test
    void aProducerWhoseQueueWasDeletedMakesItAgain() throws Exception {
        QueueProducer<String> producer = queue.producer();
        producer.send("deleted");
        producer.flush();
        SpoolOnDisk.deleteTree(spool.files().queue("q"));
        producer.send("a");
        producer.flush();
        assertThat(producer.publishedMessages()).isEqualTo(2);
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void aDelayedMessageOfADeletedQueueIsKeptToo() throws Exception {
        QueueProducer<String> producer = queue.producer();
        producer.send("deleted", SendOptions.create().delay(Duration.ofSeconds(5)));
        producer.flush();
        SpoolOnDisk.deleteTree(spool.files().queue("q"));
        producer.send("a", SendOptions.create().delay(Duration.ofSeconds(5)));
        producer.flush();
        spool.time().advance(Duration.ofMinutes(1));
        assertThat(drain(queue)).containsExactly("a");
    }
}
