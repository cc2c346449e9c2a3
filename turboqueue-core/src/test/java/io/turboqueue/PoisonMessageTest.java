package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.LocalDisk;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ClaimRequeue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the message at which processes die, and to those beside it. */
class PoisonMessageTest {

    private static final int LIMIT = 3;
    private static final String ERROR =
            "3 deliveries failed at this place, the last because the process died at this message"
                    + " or took longer than delivery.maxProcessingTime";

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;
    private QueueConsumer<String> consumer;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue("delivery.maxAttempts=" + LIMIT, "delivery.retryBackoff=0s");
        consumer = queue.consumer();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private void publish(String... payloads) throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            for (String payload : payloads) {
                producer.send(payload, SendOptions.create().header("from", "test"));
            }
        }
    }

    private ClaimedBatch<String> claim() throws Exception {
        return consumer.poll(Duration.ZERO).orElseThrow();
    }

    /** What recovery does with the only claim of a process that died; this process forgets it. */
    private void die(ClaimedBatch<String> batch) throws IOException {
        requeue(spool.files().onlyClaim());
        batch.close();
    }

    private void requeue(Path claim) throws IOException {
        OwnerEntry.Claimed entry = (OwnerEntry.Claimed)
                OwnerEntry.parse(claim.getFileName().toString()).orElseThrow();
        LocalDisk disk = new LocalDisk();
        SpoolFolder folder = SpoolFolder.openOrCreate(disk, spool.files().folder());
        assertThat(new ClaimRequeue(disk, folder, name -> LIMIT).requeue(claim, entry))
                .isNotEqualTo(ClaimRequeue.Outcome.GONE);
    }

    private String onlyClaim() throws IOException {
        return history(spool.files().onlyClaim().getFileName().toString());
    }

    private List<String> ready() throws IOException {
        return SpoolOnDisk.names(spool.files().ready("q")).stream()
                .map(PoisonMessageTest::history)
                .toList();
    }

    private List<String> dead() throws IOException {
        return SpoolOnDisk.names(spool.files().dead("q")).stream()
                .map(PoisonMessageTest::history)
                .toList();
    }

    /** The rows, and what comes after the CRC. */
    private static String history(String name) {
        return name.replaceAll(".*\\.n([0-9]+)\\..*\\.c[0-9a-f]{8}\\.(.*)\\.db", "$1 $2");
    }

    private static List<String> rest(Iterator<Message<String>> messages) {
        List<String> payloads = new ArrayList<>();
        messages.forEachRemaining(message -> payloads.add(message.payload()));
        return payloads;
    }

    /** Handles a message and says so, up to the one that kills. */
    private void dieAt(String deadly) throws Exception {
        ClaimedBatch<String> batch = claim();
        for (Message<String> message : batch) {
            if (message.payload().equals(deadly)) {
                die(batch);
                return;
            }
            batch.checkpoint();
        }
        throw new AssertionError("no message " + deadly);
    }

    @Test
    void aCheckpointAfterEachMessageTellsWhichOneIsBegun() throws Exception {
        publish("a", "b", "c", "d");
        ClaimedBatch<String> batch = claim();
        Iterator<Message<String>> messages = batch.iterator();
        messages.next();
        assertThat(onlyClaim()).isEqualTo("4 a0");
        batch.checkpoint();
        assertThat(onlyClaim()).isEqualTo("4 a0.x1");
        messages.next();
        assertThat(onlyClaim()).isEqualTo("4 a0.x1");
        batch.checkpoint();
        assertThat(onlyClaim()).isEqualTo("4 a0.x2");
    }

    @Test
    void aSecondMessageWithoutACheckpointIsSaidBeforeItIsHandedOut() throws Exception {
        publish("a", "b", "c", "d");
        ClaimedBatch<String> batch = claim();
        Iterator<Message<String>> messages = batch.iterator();
        messages.next();
        batch.checkpoint();
        messages.next();
        messages.next();
        assertThat(onlyClaim()).isEqualTo("4 a0.o1");
        batch.checkpoint();
        assertThat(onlyClaim()).isEqualTo("4 a0.o3");
        batch.ack();
    }

    @Test
    void aReleasedBatchIsNotSaidToBeBegun() throws Exception {
        publish("a", "b");
        ClaimedBatch<String> batch = claim();
        batch.iterator().next();
        batch.checkpoint();
        batch.release();
        assertThat(ready()).containsExactly("2 a0.o1");
    }

    @Test
    void afterADeathABatchIsDeliveredMessageByMessage() throws Exception {
        publish("a", "b", "c");
        ClaimedBatch<String> first = claim();
        assertThat(first.isCareful()).isFalse();
        assertThat(rest(first.iterator())).containsExactly("a", "b", "c");
        die(first);
        assertThat(ready()).containsExactly("3 a1.f1.x0");

        ClaimedBatch<String> second = claim();
        assertThat(second.isCareful()).isTrue();
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.failures()).isEqualTo(1);
        assertThat(onlyClaim()).isEqualTo("3 a1.f1.x0");
        Iterator<Message<String>> messages = second.iterator();
        messages.next();
        second.checkpoint();
        assertThat(onlyClaim()).isEqualTo("3 a1.x1");
        assertThat(second.failures()).isZero();
        second.ack();
    }

    @Test
    void aConsumerThatTakesSeveralAtATimeAfterADeathSaysSo() throws Exception {
        publish("a", "b", "c");
        die(claim());
        ClaimedBatch<String> second = claim();
        Iterator<Message<String>> messages = second.iterator();
        messages.next();
        messages.next();
        assertThat(onlyClaim()).isEqualTo("3 a1.f1");
        messages.next();
        assertThat(onlyClaim()).isEqualTo("3 a1.f1");
    }

    @Test
    void aLostClaimIsNotFoundOutByTheIteratorButByTheAck() throws Exception {
        publish("a", "b", "c");
        die(claim());
        ClaimedBatch<String> late = claim();
        requeue(spool.files().onlyClaim());
        assertThat(rest(late.iterator())).containsExactly("a", "b", "c");
        assertThatThrownBy(late::ack).isInstanceOf(ClaimLostException.class);
    }

    @Test
    void theMessageAtWhichTheProcessDiesIsDeadAloneAndTheRestIsDelivered() throws Exception {
        publish("a", "b", "deadly", "c", "d");
        for (int death = 1; death <= LIMIT; death++) {
            dieAt("deadly");
            assertThat(ready()).containsExactly("5 a" + death + ".f" + death + ".x2");
            assertThat(dead()).isEmpty();
        }

        ClaimedBatch<String> rest = claim();
        assertThat(dead()).containsExactly("1 a3.f3~deaths");
        assertThat(onlyClaim()).isEqualTo("5 a3.k1.o3");
        assertThat(rest.isCareful()).isFalse();
        assertThat(rest.failures()).isZero();
        assertThat(rest(rest.iterator())).containsExactly("c", "d");
        rest.ack();
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
    }

    @Test
    void itsHeadersSayWhatItDidBesideThoseItWasSentWith() throws Exception {
        publish("deadly");
        for (int death = 1; death <= LIMIT; death++) {
            dieAt("deadly");
        }
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        assertThat(ready()).isEmpty();
        assertThat(queue.redrive()).isEqualTo(1);

        ClaimedBatch<String> again = claim();
        assertThat(again.failures()).isZero();
        assertThat(again.attempt()).isEqualTo(LIMIT);
        Message<String> message = again.iterator().next();
        assertThat(message.payload()).isEqualTo("deadly");
        assertThat(message.headers()).containsEntry("from", "test").containsEntry(Headers.ATTEMPT, "1");
        assertThat(message.headers().get(Headers.ERROR)).isEqualTo(ERROR);
        again.ack();
    }

    @Test
    void afterNacksTheLastAttemptIsAloneTooSoThatADeathBesideItBlamesNobody() throws Exception {
        publish("innocent", "next");
        for (int nack = 1; nack < LIMIT; nack++) {
            ClaimedBatch<String> batch = claim();
            batch.nack(Duration.ZERO);
            batch.close();
        }
        assertThat(ready()).containsExactly("2 a2.f2");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("urgent", SendOptions.create().priority(0));
        }
        ClaimedBatch<String> urgent = claim();
        assertThat(rest(urgent.iterator())).containsExactly("urgent");
        assertThat(consumer.poll(Duration.ZERO)).as("beside another batch").isEmpty();
        die(urgent);
        assertThat(ready()).containsExactly("1 a1.f1.x0", "2 a2.f2");
        claim().ack();

        ClaimedBatch<String> last = claim();
        assertThat(last.iterator().next().payload()).isEqualTo("innocent");
        publish("delayed");
        assertThat(consumer.poll(Duration.ZERO)).as("beside a last attempt").isEmpty();
        last.checkpoint();
        assertThat(last.failures()).isZero();
        claim().ack();
        last.ack();
        assertThat(dead()).isEmpty();
    }

    @Test
    void aDeathAloneAfterNacksSetsTheMessageAsideAndCountsTheNacksAsFailures() throws Exception {
        publish("deadly", "next");
        for (int nack = 1; nack < LIMIT; nack++) {
            ClaimedBatch<String> batch = claim();
            batch.nack(Duration.ZERO);
            batch.close();
        }
        dieAt("deadly");

        ClaimedBatch<String> rest = claim();
        assertThat(rest(rest.iterator())).containsExactly("next");
        rest.ack();
        assertThat(dead()).containsExactly("1 a3.f3~deaths");
        assertThat(queue.redrive()).isEqualTo(1);
        ClaimedBatch<String> again = claim();
        assertThat(again.iterator().next().headers()).containsEntry(Headers.ERROR, ERROR);
        again.ack();
    }

    @Test
    void deathsWithSeveralMessagesBegunAreThoseOfTheBatchAsAWhole() throws Exception {
        publish("a", "b", "c");
        for (int death = 1; death <= LIMIT; death++) {
            ClaimedBatch<String> batch = claim();
            rest(batch.iterator());
            die(batch);
        }
        assertThat(ready()).isEmpty();
        assertThat(dead()).containsExactly("3 a3.f3~attempts");
    }

    @Test
    void deathsThatEachMoveOnCondemnNobody() throws Exception {
        publish("a", "b", "c", "d", "e", "f", "g", "h");
        for (String at : List.of("b", "c", "d", "e", "f", "g", "h")) {
            dieAt(at);
        }
        assertThat(rest(claim().iterator())).containsExactly("h");
        assertThat(dead()).isEmpty();
    }

    @Test
    void afterThreeDeadlyMessagesTheRestOfTheBatchIsDeadToo() throws Exception {
        publish("x1", "x2", "a", "x3", "b", "c");
        for (String deadly : List.of("x1", "x2", "x3")) {
            for (int death = 1; death <= LIMIT; death++) {
                dieAt(deadly);
            }
        }
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        assertThat(ready()).isEmpty();
        assertThat(dead())
                .containsExactlyInAnyOrder("1 a3.f3~deaths", "1 a6.f3~deaths", "1 a9.f3~deaths", "6 a9.k3.o4~deaths");

        assertThat(queue.redrive()).isEqualTo(4);
        List<String> again = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ClaimedBatch<String> batch = claim();
            again.addAll(rest(batch.iterator()));
            batch.ack();
        }
        assertThat(again).containsExactlyInAnyOrder("x1", "x2", "x3", "b", "c");
    }

    @Test
    void aBatchThatCannotEvenBeOpenedIsGivenUpAsAWhole() throws Exception {
        publish("a", "b");
        Path ready = spool.files().ready("q");
        String first = SpoolOnDisk.names(ready).get(0);
        BatchName name = BatchName.parse(first).orElseThrow();
        for (int death = 1; death < 2 * LIMIT; death++) {
            name = name.died();
        }
        QueueName queueName = new QueueName("q");
        OwnerEntry.Claimed claimed = new OwnerEntry.Claimed(7, queueName, name);
        Path owner = spool.files().folder().resolve("owners/1-abcdefghjkmnpqrs");
        Files.createDirectories(owner);
        Files.move(ready.resolve(first), owner.resolve(claimed.format()));
        requeue(owner.resolve(claimed.format()));

        assertThat(ready()).isEmpty();
        assertThat(dead()).containsExactly("2 a6.f6~deaths");
        Files.delete(owner);
    }
}
