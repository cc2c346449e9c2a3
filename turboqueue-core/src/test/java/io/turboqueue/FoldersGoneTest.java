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
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody deletes or replaces folders while they are in use: an error that names the folder, never silence. */
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

    private Path desk() throws IOException {
        return spool.spool().session().desk().path();
    }

    @Test
    void aPollOfADeletedQueueNamesItsFolder() throws Exception {
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            SpoolOnDisk.deleteTree(spool.files().queue("q"));
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessage("folder " + ready() + " is gone: it was deleted or moved while in use");
        }
    }

    @Test
    void aWaitingPollOfADeletedQueueFailsSoon() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"));
                QueueConsumer<byte[]> consumer = real.queue("q").consumer();
                Crew crew = new Crew()) {
            Future<?> poll = crew.start(() -> consumer.poll(Duration.ofMinutes(10)));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> crew.thread().getState() == Thread.State.TIMED_WAITING);
            SpoolOnDisk.deleteTree(real.folder().resolve("q"));
            assertThatThrownBy(() -> Crew.result(poll))
                    .isInstanceOf(IOException.class)
                    .hasMessage("folder " + real.folder().resolve("q/ready")
                            + " is gone: it was deleted or moved while in use");
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
        assertThat(spool.files().onDesks()).isEmpty();
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
            try {
                batch.nack(Duration.ZERO);
            } catch (IOException stillClaimed) {
                assertThat(stillClaimed).hasMessageContaining("is gone");
                batch.nack();
            }
        }
        spool.time().advance(Duration.ofMinutes(1));
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void withItsDeskGoneAConsumerFailsAndNamesTheDesk() throws Exception {
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Path desk = desk();
            SpoolOnDisk.deleteTree(desk);
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("folder " + desk + " is gone:");
        }
        assertThat(SpoolOnDisk.names(ready())).hasSize(1);
    }

    @Test
    void withItsDeskGoneAConsumerOfAnEmptyQueueFailsToo() throws Exception {
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Path desk = desk();
            SpoolOnDisk.deleteTree(desk);
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "folder " + desk + " is gone: the spool was deleted or replaced, or another process took"
                                    + " this one for dead; close the spool and open it again");
        }
    }

    @Test
    void withItsDeskGoneAProducerFailsAndNamesTheDesk() throws Exception {
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        Path desk = desk();
        SpoolOnDisk.deleteTree(desk);
        assertThatThrownBy(producer::flush)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("folder " + desk + " is gone:");
        assertThat(producer.publishedMessages()).isZero();
        assertThat(producer.abandon()).isEqualTo(1);
    }

    @Test
    void withItsDeskGoneAnAckIsALostClaim() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(queue.consumer());
        SpoolOnDisk.deleteTree(desk());
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
        Path desk = desk();
        Files.move(folder(), temp.resolve("moved away"));
        try (Spool replaced = Spool.open(folder())) {
            publish(replaced.queue("q", Codecs.utf8()), "new");

            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("folder " + desk + " is gone:");
            assertThatThrownBy(producer::flush)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("folder " + desk + " is gone:");
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
    void aProducerWhoseQueueWasDeletedSaysSoAndKeepsItsMessages() throws Exception {
        QueueProducer<String> producer = queue.producer();
        producer.send("a");
        producer.flush();
        SpoolOnDisk.deleteTree(spool.files().queue("q"));
        producer.send("kept");
        assertThatThrownBy(producer::flush)
                .isInstanceOf(IOException.class)
                .hasMessage("folder " + ready() + " is gone: it was deleted or moved while in use");
        assertThat(producer.publishedMessages()).isEqualTo(1);

        Files.createDirectories(ready());
        producer.close();
        assertThat(drain(queue)).containsExactly("kept");
    }
}
