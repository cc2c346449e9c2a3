package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerTest {

    private static final Duration LONG = Duration.ofMinutes(10);

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

    private Path ready() {
        return spool.files().ready("q");
    }

    /** A thread that is in the middle of a wait. */
    private static void awaitWaiting(Thread thread) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void takeWaitsUntilThereIsABatch() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueConsumer<String> consumer = queue.consumer();
                Crew crew = new Crew()) {
            Future<List<String>> taken = crew.start(() -> payloads(consumer.take()));
            publish(queue, "a");
            assertThat(Crew.result(taken)).containsExactly("a");
        }
    }

    @Test
    void takeEndsWhenItsConsumerIsClosed() throws Exception {
        QueueConsumer<String> consumer = spool.queue().consumer();
        try (Crew crew = new Crew()) {
            Future<ClaimedBatch<String>> taken = crew.start(consumer::take);
            consumer.close();
            assertThatThrownBy(() -> Crew.result(taken))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the consumer of queue q is closed");
        }
    }

    @Test
    void whatIsDoneWithABatchAfterTheSpoolWasClosedSaysSo() throws Exception {
        publish(spool.queue(), "a", "b");
        ClaimedBatch<String> batch = claim(spool.queue().consumer());
        batch.iterator().next();
        spool.close();
        String sentence = "the spool was closed before batch " + batch.id()
                + " was settled, so the batch went back to its queue and is delivered again";

        assertThatThrownBy(batch::checkpoint)
                .isInstanceOf(ClaimLostException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ack", "nack", "release"})
    void anEndAfterTheSpoolWasClosedSaysSo(String how) throws Exception {
        publish(spool.queue(), "a");
        ClaimedBatch<String> batch = claim(spool.queue().consumer());
        spool.close();

        assertThatThrownBy(() -> {
                    switch (how) {
                        case "ack" -> batch.ack();
                        case "nack" -> batch.nack();
                        default -> batch.release();
                    }
                })
                .isInstanceOf(ClaimLostException.class)
                .hasMessageStartingWith("the spool was closed before batch " + batch.id());
        batch.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000000001S", "PT-2562047788015215H"})
    void aPollOfAnEmptyQueueComesBackEmpty(String timeout) throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"));
                QueueConsumer<byte[]> consumer = real.queue("q").consumer()) {
            assertThat(consumer.poll(Duration.parse(timeout))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT-2562047788015215H", "PT2562047788015215H"})
    void aPollTakesWhatIsThereWhateverTheTimeout(String timeout) throws Exception {
        publish(spool.queue(), "a");
        try (QueueConsumer<String> consumer = spool.queue().consumer()) {
            assertThat(payloads(consumer.poll(Duration.parse(timeout)).orElseThrow()))
                    .containsExactly("a");
        }
    }

    @Test
    void aConsumerMayBeThereBeforeTheQueue() throws Exception {
        try (QueueConsumer<String> consumer = spool.queue().consumer()) {
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            publish(spool.queue(), "a");
            assertThat(payloads(claim(consumer))).containsExactly("a");
        }
    }

    @Test
    void aWaitingPollWakesWhenAnotherSpoolObjectPublishes() throws Exception {
        Path folder = temp.resolve("real");
        try (Spool one = Spool.open(folder);
                Spool other = Spool.open(folder);
                QueueConsumer<String> consumer = one.queue("q", Codecs.utf8()).consumer();
                Crew crew = new Crew()) {
            Future<Optional<ClaimedBatch<String>>> poll = crew.start(() -> consumer.poll(LONG));
            awaitWaiting(crew.thread());
            publish(other.queue("q", Codecs.utf8()), "a");

            ClaimedBatch<String> batch = Crew.result(poll).orElseThrow();
            assertThat(payloads(batch)).containsExactly("a");
            batch.ack();
        }
    }

    @Test
    void aWaitingPollFindsBatchesEvenIfItsWatchSeesNothing() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"));
                QueueConsumer<String> consumer = real.queue("q", Codecs.utf8()).consumer();
                Crew crew = new Crew()) {
            // The watch stays with the old folder; names that appear in the new one nudge nobody.
            Path ready = new SpoolOnDisk(real.folder()).ready("q");
            Files.move(ready, temp.resolve("old"));
            Files.createDirectory(ready);
            Future<Optional<ClaimedBatch<String>>> poll = crew.start(() -> consumer.poll(LONG));
            awaitWaiting(crew.thread());
            publish(real.queue("q", Codecs.utf8()), "a");

            ClaimedBatch<String> batch = Crew.result(poll).orElseThrow();
            assertThat(payloads(batch)).containsExactly("a");
            batch.ack();
        }
    }

    @Test
    void aClosedConsumerSaysSo() throws Exception {
        QueueConsumer<String> consumer = spool.queue().consumer();
        consumer.close();

        assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the consumer of queue q is closed");
        assertThatCode(consumer::close).doesNotThrowAnyException();
    }

    @Test
    void aConsumerOfAClosedSpoolIsClosed() throws Exception {
        TurboQueue<String> queue = spool.queue();
        QueueConsumer<String> consumer = queue.consumer();
        spool.close();

        assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the consumer of queue q is closed");
        assertThatThrownBy(queue::consumer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the spool " + spool.spool().folder() + " is closed");
    }

    @Test
    void closingTwiceClosesNoOtherConsumer() throws Exception {
        TurboQueue<String> queue = spool.queue();
        try (QueueConsumer<String> stays = queue.consumer()) {
            QueueConsumer<String> goes = queue.consumer();
            goes.close();
            goes.close();
            publish(queue, "a");
            assertThat(payloads(claim(stays))).containsExactly("a");
        }
    }

    @Test
    void closingAConsumerEndsItsWaitingPoll() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"));
                Crew crew = new Crew()) {
            QueueConsumer<byte[]> consumer = real.queue("q").consumer();
            Future<Optional<ClaimedBatch<byte[]>>> poll = crew.start(() -> consumer.poll(LONG));
            awaitWaiting(crew.thread());
            consumer.close();

            assertThat(Crew.result(poll)).isEmpty();
        }
    }

    @Test
    void closingTheSpoolEndsAWaitingPoll() throws Exception {
        try (Crew crew = new Crew()) {
            Spool real = Spool.open(temp.resolve("real"));
            QueueConsumer<byte[]> consumer = real.queue("q").consumer();
            Future<Optional<ClaimedBatch<byte[]>>> poll = crew.start(() -> consumer.poll(LONG));
            awaitWaiting(crew.thread());
            real.close();

            assertThat(Crew.result(poll)).isEmpty();
        }
    }

    @Test
    void anInterruptEndsAWaitingPoll() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"));
                QueueConsumer<byte[]> consumer = real.queue("q").consumer();
                Crew crew = new Crew()) {
            Future<Optional<ClaimedBatch<byte[]>>> poll = crew.start(() -> consumer.poll(LONG));
            awaitWaiting(crew.thread());
            crew.thread().interrupt();

            assertThatThrownBy(() -> Crew.result(poll)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void anInterruptedThreadClaimsNothing() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a");
        List<String> before = SpoolOnDisk.names(ready());
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(SpoolOnDisk.names(ready())).isEqualTo(before);

            assertThat(payloads(claim(consumer))).containsExactly("a");
        }
    }

    @Test
    void claimsOutliveTheirConsumer() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a");
        QueueConsumer<String> consumer = queue.consumer();
        ClaimedBatch<String> batch = claim(consumer);
        consumer.close();

        assertThat(payloads(batch)).containsExactly("a");
        batch.ack();
        assertThat(spool.files().onOwners()).isEmpty();
        assertThat(SpoolOnDisk.names(ready())).isEmpty();
    }

    @Test
    void aBatchTakenByAnotherIsALostRaceAndTheNextOneIsTaken() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=1");
        publish(queue, "a", "taken", "c");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            assertThat(payloads(claim(consumer))).containsExactly("a");
            List<String> listed = SpoolOnDisk.names(ready());
            Files.move(ready().resolve(listed.get(0)), temp.resolve("taken.db"));

            assertThat(payloads(claim(consumer))).containsExactly("c");
            assertThat(consumer.claimConflicts()).isEqualTo(1);
            assertThat(consumer.claimedBatches()).isEqualTo(2);
        }
    }

    @Test
    void eightThreadsMayShareAConsumerAndEachMessageIsDeliveredOnce() throws Exception {
        int messages = 4000;
        TurboQueue<String> queue = spool.queue("batch.maxMessages=20");
        List<String> sent =
                IntStream.range(0, messages).mapToObj(Integer::toString).toList();
        publish(queue, sent.toArray(String[]::new));

        List<String> delivered = new ArrayList<>();
        try (QueueConsumer<String> consumer = queue.consumer();
                Crew crew = new Crew()) {
            for (List<String> mine : crew.all(8, number -> takeAll(consumer))) {
                delivered.addAll(mine);
            }
            assertThat(consumer.claimedBatches()).isEqualTo(messages / 20);
        }
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(sent);
    }

    private static List<String> takeAll(QueueConsumer<String> consumer) throws Exception {
        List<String> mine = new ArrayList<>();
        for (Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ZERO);
                claimed.isPresent();
                claimed = consumer.poll(Duration.ZERO)) {
            mine.addAll(payloads(claimed.get()));
            claimed.get().ack();
        }
        return mine;
    }

    @Test
    void twoSpoolObjectsShareTheWorkAndEachMessageIsDeliveredOnce() throws Exception {
        int messages = 2000;
        Path folder = temp.resolve("real");
        List<String> sent =
                IntStream.range(0, messages).mapToObj(Integer::toString).toList();
        List<String> delivered = new ArrayList<>();
        try (Spool one = Spool.open(folder);
                Spool two = Spool.open(folder);
                QueueConsumer<String> first = one.queue("q", Codecs.utf8()).consumer();
                QueueConsumer<String> second = two.queue("q", Codecs.utf8()).consumer();
                Crew crew = new Crew()) {
            publish(
                    one.queue("q", Codecs.utf8(), TestSpool.config("batch.maxMessages=10")),
                    sent.toArray(String[]::new));
            for (List<String> mine : crew.all(4, number -> takeAll(number % 2 == 0 ? first : second))) {
                delivered.addAll(mine);
            }
        }
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void aBrokenDiskIsReportedAndTheBatchDeliveredLaterWithNoAttemptCounted() throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            spool.disk().breakAll(step -> step.is(ProbeDisk.Op.OPEN, "claimed~"));
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken disk");
            assertThat(spool.files().onOwners()).isEmpty();
            assertThat(SpoolOnDisk.names(spool.files().dead("q"))).isEmpty();

            spool.disk().repair();
            spool.time().advance(Duration.ofSeconds(10));
            ClaimedBatch<String> batch = claim(consumer);
            assertThat(payloads(batch)).containsExactly("a");
            assertThat(batch.attempt()).isZero();
        }
    }

    @Test
    void consumersOfOneQueueObjectComeAndGo() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.maxMessages=1");
        publish(queue, "a", "b", "c");
        for (String expected : List.of("a", "b", "c")) {
            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> batch = claim(consumer);
                assertThat(payloads(batch)).containsExactly(expected);
                batch.ack();
            }
        }
    }
}
