package io.turboqueue;

import static io.turboqueue.TestSpool.drainBatches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a message that was sent asynchronously is reported in every case. */
class SendAsyncTest {

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

    private static void assertPublished(CompletableFuture<@Nullable Void> future) {
        assertThat(future).isCompletedWithValue(null);
    }

    @Test
    void theFuturesOfABatchEndWhenItIsFlushed() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            CompletableFuture<@Nullable Void> first = producer.sendAsync("a");
            producer.send("b");
            CompletableFuture<@Nullable Void> third =
                    producer.sendAsync("c", SendOptions.create().key("k"));
            assertThat(first).isNotDone();
            assertThat(third).isNotDone();

            producer.flush();

            assertPublished(first);
            assertPublished(third);
        }
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b", "c"));
    }

    @Test
    void aFullBatchEndsThemAtOnce() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.maxMessages=2").producer()) {
            CompletableFuture<@Nullable Void> first = producer.sendAsync("a");
            CompletableFuture<@Nullable Void> second = producer.sendAsync("b");
            CompletableFuture<@Nullable Void> third = producer.sendAsync("c");

            assertPublished(first);
            assertPublished(second);
            assertThat(third).isNotDone();
        }
    }

    @Test
    void lingerEndsThem() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.linger=1s").producer()) {
            CompletableFuture<@Nullable Void> future = producer.sendAsync("a");
            spool.time().advance(Duration.ofSeconds(2));
            spool.runLinger();

            assertPublished(future);
        }
    }

    @Test
    void closingTheProducerEndsThem() throws Exception {
        QueueProducer<String> producer = spool.queue().producer();
        CompletableFuture<@Nullable Void> soon = producer.sendAsync("a");
        CompletableFuture<@Nullable Void> delayed =
                producer.sendAsync("b", SendOptions.create().delay(Duration.ofHours(1)));
        producer.close();

        assertPublished(soon);
        assertPublished(delayed);
    }

    @Test
    void closingTheSpoolEndsThem() throws Exception {
        CompletableFuture<@Nullable Void> future = spool.queue().producer().sendAsync("a");
        spool.close();

        assertPublished(future);
    }

    @Test
    void aBatchThatIsDroppedFailsThem() throws Exception {
        TurboQueue<String> queue = spool.queue(
                "backpressure.maxReadyBatches=1", "backpressure.whenFull=dropNewest", "batch.maxMessages=1");
        try (QueueProducer<String> producer = queue.producer()) {
            assertPublished(producer.sendAsync("a"));
            CompletableFuture<@Nullable Void> dropped = producer.sendAsync("b");

            assertThat(dropped).isCompletedExceptionally();
            assertThatThrownBy(dropped::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(QueueFullException.class)
                    .hasMessageContaining("queue q is full");
        }
    }

    @Test
    void theyWaitWhilePublishingFailsAndEndWhenItWorks() throws Exception {
        try (QueueProducer<String> producer = spool.queue().producer()) {
            CompletableFuture<@Nullable Void> future = producer.sendAsync("a");
            spool.disk().breakAll(step -> step.op() == ProbeDisk.Op.RENAME);
            assertThatThrownBy(producer::flush).isInstanceOf(IOException.class);
            assertThat(future).isNotDone();
            spool.disk().repair();

            producer.flush();
            assertPublished(future);
        }
    }

    @Test
    void aSpoolThatCannotPublishWhenItIsClosedFailsThem() throws Exception {
        CompletableFuture<@Nullable Void> future = spool.queue().producer().sendAsync("a");
        spool.disk().breakAll(step -> step.op() == ProbeDisk.Op.RENAME);
        assertThatThrownBy(spool::close).isInstanceOf(IOException.class);
        spool.disk().repair();

        assertThatThrownBy(future::join)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("the spool was closed, and what was sent to queue q could not be published");
    }

    @Test
    void aMessageThatIsRefusedThrowsAtOnce() throws Exception {
        try (QueueProducer<String> producer = spool.queue("batch.maxBytes=1KiB").producer()) {
            assertThatThrownBy(() -> producer.sendAsync("x".repeat(2000))).isInstanceOf(MessageTooLargeException.class);
        }
    }

    @Test
    void cancellingOneLeavesTheOthersAndTheMessage() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueProducer<String> producer = queue.producer()) {
            CompletableFuture<@Nullable Void> cancelled = producer.sendAsync("a");
            CompletableFuture<@Nullable Void> other = producer.sendAsync("b");
            cancelled.cancel(true);
            producer.flush();

            assertPublished(other);
        }
        assertThat(drainBatches(queue)).containsExactly(List.of("a", "b"));
    }

    @Test
    void callbacksRunWithoutTheProducersLock() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=1");
        try (QueueProducer<String> producer = queue.producer();
                Crew crew = new Crew()) {
            CompletableFuture<Future<Boolean>> other = new CompletableFuture<>();
            producer.send("delayed", SendOptions.create().delay(Duration.ofHours(1)));
            CompletableFuture<@Nullable Void> callback = producer.sendAsync("a").thenRun(() -> {
                Future<Boolean> sender = crew.start(() -> {
                    producer.send("from another thread");
                    return true;
                });
                other.complete(sender);
                await(sender);
            });
            assertThat(Crew.result(other.get())).isTrue();
            assertThat(callback).succeedsWithin(Duration.ofSeconds(60));
        }
    }

    private static void await(Future<Boolean> sender) {
        try {
            Crew.result(sender);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aFlushThatWaitsForRoomTellsWhatIsPublishedAlready() throws Exception {
        TurboQueue<String> queue = spool.queue("backpressure.maxReadyBatches=1", "batch.linger=1h");
        TestSpool.publish(queue, "full");
        try (Crew crew = new Crew()) {
            QueueProducer<String> producer = queue.producer();
            CompletableFuture<@Nullable Void> delayed =
                    producer.sendAsync("delayed", SendOptions.create().delay(Duration.ofHours(1)));
            CompletableFuture<@Nullable Void> waiting = producer.sendAsync("waiting");
            Future<Boolean> flush = crew.start(() -> {
                producer.flush();
                return true;
            });
            Crew.result(crew.start(() -> {
                delayed.join();
                return true;
            }));
            assertThat(waiting).isNotDone();

            TestSpool.drain(queue);
            Crew.result(flush);
            assertPublished(waiting);
        }
    }
}
