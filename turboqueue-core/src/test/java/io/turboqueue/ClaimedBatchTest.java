package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimedBatchTest {

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;
    private QueueConsumer<String> consumer;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue("delivery.retryBackoff=10s");
        consumer = queue.consumer();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private List<String> ready() throws IOException {
        return SpoolOnDisk.names(spool.files().ready("q"));
    }

    private List<String> delayed() throws IOException {
        return SpoolOnDisk.names(spool.files().later("q"));
    }

    private List<String> dead() throws IOException {
        return SpoolOnDisk.names(spool.files().dead("q"));
    }

    /** What another process does that takes the claim back. */
    private void takeBack() throws IOException {
        Path claim = spool.files().onlyClaim();
        String name = claim.getFileName().toString();
        Files.move(claim, spool.files().ready("q").resolve(name.substring(name.lastIndexOf('~') + 1)));
    }

    private void waitForRetry() {
        spool.time().advance(Duration.ofMinutes(1));
    }

    @Test
    void ackEndsABatchForGood() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.attempt()).isZero();
        batch.ack();

        assertThat(ready()).isEmpty();
        assertThat(delayed()).isEmpty();
        assertThat(dead()).isEmpty();
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void eachIterationStartsFromTheFirst() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        assertThat(payloads(batch)).containsExactly("a", "b");
        assertThat(payloads(batch)).containsExactly("a", "b");
        Iterator<Message<String>> iterator = batch.iterator();
        iterator.next();
        iterator.next();
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("batch " + batch.id() + " has no more messages");
    }

    @Test
    void payloadsAreSeenAsTheyAreStored() throws Exception {
        publish(queue, "a", "b", "c");
        try (ClaimedBatch<String> batch = claim(consumer)) {
            List<String> seen = new ArrayList<>();
            for (ByteBuffer payload : batch.payloads()) {
                seen.add(UTF_8.decode(payload).toString());
                assertThat(payload.isReadOnly()).isTrue();
                if (seen.size() == 2) {
                    break;
                }
            }
            assertThat(seen).containsExactly("a", "b");
            batch.checkpoint();
            batch.nack(Duration.ZERO);
        }
        try (ClaimedBatch<String> rest = claim(consumer)) {
            assertThat(rest.payloads()).extracting(UTF_8::decode).hasToString("[c]");
            rest.ack();
        }
    }

    @Test
    void aMessageMayBeKeptWhenItsBatchIsClosedAndItsMemoryUsedAgain() throws Exception {
        String large = "x".repeat(1000);
        List<Message<String>> kept = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            String[] messages = new String[200];
            Arrays.setAll(messages, i -> large + i);
            messages[7] = "of round " + round;
            publish(queue, messages);
            try (ClaimedBatch<String> batch = claim(consumer)) {
                for (Message<String> message : batch) {
                    if (message.id() == 8) {
                        kept.add(message);
                    }
                }
                batch.ack();
            }
        }
        assertThat(kept).extracting(Message::payload).containsExactly("of round 0", "of round 1", "of round 2");
    }

    @Test
    void aClosedBatchIsNotIteratedOver() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        Iterator<Message<String>> iterator = batch.iterator();
        batch.ack();
        assertThat(iterator.next().payload()).as("acked, but open").isEqualTo("a");
        batch.close();

        assertThatThrownBy(iterator::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("batch " + batch.id() + " is closed");
    }

    @Test
    void aSecondAckSaysThatItWasAcked() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        batch.ack();

        String message = "batch " + batch.id() + " was acked already";
        assertThatThrownBy(batch::ack).isInstanceOf(IllegalStateException.class).hasMessage(message);
        assertThatThrownBy(batch::nack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> batch.nack(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(batch::checkpoint)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> batch.deadLetter("no"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        Message<String> message1 = batch.iterator().next();
        assertThatThrownBy(() -> batch.fail(message1, new IOException()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatCode(batch::close).doesNotThrowAnyException();
        assertThat(delayed()).isEmpty();
    }

    @Test
    void anAckAfterANackSaysThatItWasGivenBack() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        batch.nack();

        assertThatThrownBy(batch::ack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("batch " + batch.id() + " was given back already");
        assertThatCode(batch::close).doesNotThrowAnyException();
        assertThat(delayed()).hasSize(1);
    }

    @Test
    void anAckAfterTheClaimWasTakenBackIsAClaimLost() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        takeBack();

        assertThatThrownBy(batch::ack)
                .isInstanceOf(ClaimLostException.class)
                .hasMessage("the claim on batch " + batch.id() + " is lost: it was taken back, and is delivered again");
        assertThatThrownBy(batch::ack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the claim on batch " + batch.id() + " was lost already");
        assertThat(drain(queue)).containsExactly("a");
    }

    @Test
    void aNackAfterTheClaimWasTakenBackIsAClaimLost() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        takeBack();

        assertThatThrownBy(batch::nack).isInstanceOf(ClaimLostException.class);
        assertThat(delayed()).isEmpty();
        assertThat(ready()).hasSize(1);
    }

    @Test
    void noStepAfterALostClaimTouchesTheBatch() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        payloads(batch);
        takeBack();
        List<String> before = ready();

        assertThatThrownBy(batch::checkpoint).isInstanceOf(ClaimLostException.class);
        assertThatThrownBy(() -> batch.nack(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> batch.deadLetter("late")).isInstanceOf(IllegalStateException.class);
        batch.close();
        assertThat(ready()).isEqualTo(before);
        assertThat(dead()).isEmpty();
    }

    @Test
    void closingAfterTheClaimWasTakenBackIsQuiet() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        takeBack();

        assertThatCode(batch::close).doesNotThrowAnyException();
        assertThat(ready()).hasSize(1);
    }

    @Test
    void aNackedBatchComesBackAfterTheBackoffWithOneMoreAttempt() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> first = claim(consumer);
        first.nack();

        spool.time().advance(Duration.ofSeconds(8).minusMillis(1));
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        spool.time().advance(Duration.ofSeconds(4).plusMillis(1));
        ClaimedBatch<String> second = claim(consumer);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(payloads(second)).containsExactly("a");
    }

    @Test
    void theBackoffDoublesWithEachAttempt() throws Exception {
        publish(queue, "a");
        claim(consumer).nack();
        spool.time().advance(Duration.ofSeconds(12));
        claim(consumer).nack();
        spool.time().advance(Duration.ofSeconds(12));
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        spool.time().advance(Duration.ofSeconds(12));
        assertThat(claim(consumer).attempt()).isEqualTo(2);
    }

    @Test
    void aNackWithADelayComesBackWhenItIsOver() throws Exception {
        publish(queue, "a");
        claim(consumer).nack(Duration.ofHours(3));

        spool.time().advance(Duration.ofHours(3).minusMillis(1));
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        spool.time().advance(Duration.ofMillis(1));
        assertThat(claim(consumer).attempt()).isEqualTo(1);
    }

    @Test
    void aNackWithoutDelayComesBackAtOnce() throws Exception {
        publish(queue, "a");
        claim(consumer).nack(Duration.ZERO);

        assertThat(delayed()).isEmpty();
        assertThat(claim(consumer).attempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "P3651D", "P3000000D", "PT2562047788015215H", "PT-2562047788015215H"})
    void aNackWithAnAbsurdDelayIsRefusedAndTheBatchStillClaimed(String delay) throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        assertThatThrownBy(() -> batch.nack(Duration.parse(delay)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay " + Duration.parse(delay) + " is not allowed: it must be from zero to 3650 days");
        batch.ack();
        assertThat(queue.inspector().stats().foreign()).isZero();
    }

    @Test
    void atTheAttemptLimitANackMakesADeadLetter() throws Exception {
        TurboQueue<String> limited = spool.queue("delivery.maxAttempts=2");
        publish(limited, "a");
        try (QueueConsumer<String> limitedConsumer = limited.consumer()) {
            claim(limitedConsumer).nack(Duration.ZERO);
            claim(limitedConsumer).nack(Duration.ZERO);
            assertThat(limitedConsumer.poll(Duration.ZERO)).isEmpty();
        }
        assertThat(dead()).hasSize(1).allMatch(name -> name.contains(".a2.f2~attempts.db"));
    }

    @Test
    void withOneAttemptEveryWayOfFailingMakesADeadLetter() throws Exception {
        TurboQueue<String> limited = spool.queue("delivery.maxAttempts=1");
        publish(limited, "nack");
        publish(limited, "nack at once");
        publish(limited, "close");
        try (QueueConsumer<String> limitedConsumer = limited.consumer()) {
            claim(limitedConsumer).nack();
            claim(limitedConsumer).nack(Duration.ZERO);
            claim(limitedConsumer).close();
        }
        assertThat(dead()).hasSize(3).allMatch(name -> name.contains(".a1.f1~attempts.db"));
        assertThat(delayed()).isEmpty();
    }

    @Test
    void closingWithoutAnAckIsANack() throws Exception {
        publish(queue, "a");
        try (ClaimedBatch<String> batch = claim(consumer)) {
            assertThat(payloads(batch)).containsExactly("a");
        }
        waitForRetry();

        ClaimedBatch<String> second = claim(consumer);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(payloads(second)).containsExactly("a");
    }

    @Test
    void redeliveryStartsAfterTheCheckpointAndMessagesKeepTheirIds() throws Exception {
        publish(queue, "a", "b", "c", "d");
        ClaimedBatch<String> first = claim(consumer);
        Iterator<Message<String>> iterator = first.iterator();
        assertThat(iterator.next().id()).isEqualTo(1);
        assertThat(iterator.next().id()).isEqualTo(2);
        first.checkpoint();
        iterator.next();
        first.nack();
        waitForRetry();

        ClaimedBatch<String> second = claim(consumer);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.size()).isEqualTo(2);
        assertThat(payloads(second)).containsExactly("c", "d");
        assertThat(second.iterator().next().id()).isEqualTo(3);
    }

    @Test
    void severalCheckpointsAddUpOverDeliveries() throws Exception {
        publish(queue, "a", "b", "c");
        for (String expected : List.of("a", "b", "c")) {
            ClaimedBatch<String> batch = claim(consumer);
            assertThat(batch.iterator().next().payload()).isEqualTo(expected);
            batch.checkpoint();
            batch.nack(Duration.ZERO);
        }
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        assertThat(ready()).isEmpty();
        assertThat(delayed()).isEmpty();
    }

    @Test
    void aCheckpointOfNothingNewChangesNothing() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        Path before = spool.files().onlyClaim();
        batch.checkpoint();
        assertThat(spool.files().onlyClaim()).isEqualTo(before);

        batch.iterator().next();
        batch.checkpoint();
        Path after = spool.files().onlyClaim();
        assertThat(after.toString()).endsWith(".x1.db");
        batch.checkpoint();
        assertThat(spool.files().onlyClaim()).isEqualTo(after);
        batch.ack();
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void aCheckpointAfterTheClaimWasTakenBackIsAClaimLost() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        payloads(batch);
        takeBack();

        assertThatThrownBy(batch::checkpoint)
                .isInstanceOf(ClaimLostException.class)
                .hasMessageContaining(batch.id());
    }

    @Test
    void aFailedMessageAloneIsRetriedWithErrorAndAttempt() throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a");
            producer.send("bad", SendOptions.create().key("k").header("h", "v"));
            producer.send("c");
        }
        ClaimedBatch<String> batch = claim(consumer);
        for (Message<String> message : batch) {
            if (message.payload().equals("bad")) {
                batch.fail(message, new IOException("does not\nwork"));
            }
        }
        assertThat(delayed()).isEmpty();
        batch.ack();
        waitForRetry();

        ClaimedBatch<String> retry = claim(consumer);
        assertThat(retry.id()).isNotEqualTo(batch.id());
        assertThat(retry.attempt()).isEqualTo(1);
        assertThat(retry.size()).isEqualTo(1);
        Message<String> message = retry.iterator().next();
        assertThat(message.payload()).isEqualTo("bad");
        assertThat(message.key()).isEqualTo("k");
        assertThat(message.time()).isEqualTo(MovableTime.START);
        assertThat(message.headers())
                .containsOnly(
                        Map.entry("h", "v"),
                        Map.entry(Headers.ID, batch.id() + "/2"),
                        Map.entry(Headers.ERROR, "java.io.IOException: does not work"),
                        Map.entry(Headers.ATTEMPT, "1"));
        retry.ack();
        assertThat(drain(queue)).isEmpty();
    }

    @Test
    void aFailedMessageWaitsForTheBackoffAndKeepsItsPriority() throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("bad", SendOptions.create().priority(2));
        }
        ClaimedBatch<String> batch = claim(consumer);
        batch.fail(batch.iterator().next(), new IOException());
        batch.ack();

        assertThat(delayed()).hasSize(1).allMatch(name -> name.startsWith("2-"));
        spool.time().advance(Duration.ofSeconds(8).minusMillis(1));
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        spool.time().advance(Duration.ofSeconds(4).plusMillis(1));
        assertThat(consumer.poll(Duration.ZERO)).isPresent();
    }

    @Test
    void aMessageThatFailsAtTheLimitIsDeadAloneAndTheOthersAreDone() throws Exception {
        TurboQueue<String> limited = spool.queue("delivery.maxAttempts=2", "delivery.retryBackoff=1s");
        publish(limited, "a", "bad", "c");
        try (QueueConsumer<String> limitedConsumer = limited.consumer()) {
            for (int attempt = 0; attempt < 2; attempt++) {
                ClaimedBatch<String> batch = claim(limitedConsumer);
                for (Message<String> message : batch) {
                    if (message.payload().equals("bad")) {
                        batch.fail(message, new IOException("attempt " + attempt));
                    }
                }
                batch.ack();
                waitForRetry();
            }
            assertThat(limitedConsumer.poll(Duration.ZERO)).isEmpty();
        }
        assertThat(dead()).hasSize(1).allMatch(name -> name.contains(".n1.") && name.contains(".a2~attempts.db"));

        assertThat(limited.redrive()).isEqualTo(1);
        try (QueueConsumer<String> again = limited.consumer()) {
            ClaimedBatch<String> batch = claim(again);
            assertThat(batch.attempt()).isEqualTo(2);
            assertThat(batch.failures()).isZero();
            Message<String> message = batch.iterator().next();
            assertThat(message.payload()).isEqualTo("bad");
            assertThat(message.headers())
                    .containsEntry(Headers.ERROR, "java.io.IOException: attempt 1")
                    .containsEntry(Headers.ATTEMPT, "2");
        }
    }

    @Test
    void aMessageIsKnownByTheSameIdentityHoweverOftenItFails() throws Exception {
        publish(queue, "good", "bad");
        String identity = "";
        for (int attempt = 0; attempt < 3; attempt++) {
            ClaimedBatch<String> batch = claim(consumer);
            for (Message<String> message : batch) {
                assertThat(message.queue()).isEqualTo("q");
                assertThat(message.batchId()).isEqualTo(batch.id());
                assertThat(message.attempt()).isEqualTo(attempt);
                if (message.payload().equals("bad")) {
                    identity = identity.isEmpty() ? message.identity() : identity;
                    assertThat(message.identity()).isEqualTo(identity);
                    batch.fail(message, new IOException());
                }
            }
            assertThat(identity).endsWith("/2");
            batch.ack();
            waitForRetry();
        }
    }

    @Test
    void anIdentityOfTheSendersOwnStaysToo() throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a", SendOptions.create().identity("order 7"));
        }
        ClaimedBatch<String> batch = claim(consumer);
        Message<String> message = batch.iterator().next();
        assertThat(message.identity()).isEqualTo("order 7");
        batch.fail(message, new IOException());
        batch.ack();
        waitForRetry();

        assertThat(claim(consumer).iterator().next().identity()).isEqualTo("order 7");
    }

    @Test
    void aRedrivenMessageHasAllItsAttemptsAgain() throws Exception {
        TurboQueue<String> limited = spool.queue("delivery.maxAttempts=3", "delivery.retryBackoff=1s");
        publish(limited, "bad");
        try (QueueConsumer<String> limitedConsumer = limited.consumer()) {
            for (int failures = 1; failures <= 6; failures++) {
                assertThat(dead()).isEmpty();
                ClaimedBatch<String> batch = claim(limitedConsumer);
                Message<String> message = batch.iterator().next();
                assertThat(message.attempt()).isEqualTo(failures - 1);
                batch.fail(message, new IOException());
                batch.ack();
                if (failures == 3) {
                    assertThat(limited.redrive()).isEqualTo(1);
                }
                waitForRetry();
            }
            assertThat(dead()).hasSize(1);
        }
    }

    @Test
    void theDeliveriesOfItsBatchDoNotCountAgainstAMessageThatFailsAlone() throws Exception {
        TurboQueue<String> limited = spool.queue("delivery.maxAttempts=3", "delivery.retryBackoff=1s");
        publish(limited, "bad");
        try (QueueConsumer<String> limitedConsumer = limited.consumer()) {
            for (int i = 0; i < 2; i++) {
                claim(limitedConsumer).nack();
                waitForRetry();
            }
            for (int failures = 1; failures <= 3; failures++) {
                assertThat(dead()).isEmpty();
                ClaimedBatch<String> batch = claim(limitedConsumer);
                batch.fail(batch.iterator().next(), new IOException());
                batch.ack();
                waitForRetry();
            }
            assertThat(dead()).hasSize(1);
        }
    }

    @Test
    void failingEveryMessageRetriesEveryMessage() throws Exception {
        publish(queue, "a", "b", "c");
        ClaimedBatch<String> batch = claim(consumer);
        for (Message<String> message : batch) {
            batch.fail(message, new IOException());
        }
        batch.ack();
        waitForRetry();

        assertThat(drain(queue)).containsExactly("a", "b", "c");
    }

    @Test
    void failingAMessageTwiceRetriesItOnceWithTheLastError() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        Message<String> message = batch.iterator().next();
        batch.fail(message, new IOException("first"));
        batch.fail(message, new IOException("second"));
        batch.ack();
        waitForRetry();

        ClaimedBatch<String> retry = claim(consumer);
        assertThat(retry.size()).isEqualTo(1);
        assertThat(retry.iterator().next().headers()).containsEntry(Headers.ERROR, "java.io.IOException: second");
    }

    @Test
    void aMessageOfAnotherBatchCannotFailHere() throws Exception {
        publish(queue, "a");
        publish(queue, "b");
        ClaimedBatch<String> first = claim(consumer);
        ClaimedBatch<String> second = claim(consumer);
        Message<String> foreign = second.iterator().next();

        assertThatThrownBy(() -> first.fail(foreign, new IOException()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(foreign + " is not of batch " + first.id());
        first.ack();
        second.ack();
        assertThat(delayed()).isEmpty();
    }

    @Test
    void aNackAfterAFailGivesTheWholeBatchBackOnce() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        batch.fail(batch.iterator().next(), new IOException());
        batch.nack();
        waitForRetry();

        assertThat(drain(queue)).containsExactly("a", "b");
    }

    @Test
    void aCheckpointPublishesWhatFailedBeforeIt() throws Exception {
        publish(queue, "bad", "b");
        ClaimedBatch<String> batch = claim(consumer);
        batch.fail(batch.iterator().next(), new IOException());
        batch.checkpoint();
        assertThat(delayed()).hasSize(1);
        batch.ack();

        assertThat(delayed()).hasSize(1);
    }

    @Test
    void aMessageThatFailsAfterItsCheckpointIsRetriedAtTheNextOne() throws Exception {
        publish(queue, "bad");
        ClaimedBatch<String> batch = claim(consumer);
        Message<String> message = batch.iterator().next();
        batch.checkpoint();
        batch.fail(message, new IOException());
        batch.checkpoint();

        assertThat(delayed()).hasSize(1);
    }

    @Test
    void aMessageThatFailsAfterItsCheckpointSurvivesANack() throws Exception {
        publish(queue, "bad", "b");
        ClaimedBatch<String> batch = claim(consumer);
        Message<String> message = batch.iterator().next();
        batch.checkpoint();
        batch.fail(message, new IOException());
        batch.nack();
        waitForRetry();

        assertThat(drain(queue)).containsExactlyInAnyOrder("bad", "b");
    }

    @Test
    void anAckWhoseRetryCannotBeWrittenFailsAndMayBeTriedAgain() throws Exception {
        publish(queue, "bad", "b");
        ClaimedBatch<String> batch = claim(consumer);
        batch.fail(batch.iterator().next(), new IOException());
        for (String broken : List.of("/loading~", "/delayed/")) {
            spool.disk()
                    .breakAll(step -> step.op() != ProbeDisk.Op.UNLINK
                            && step.path().toString().contains(broken));
            assertThatThrownBy(batch::ack).isInstanceOf(IOException.class).hasMessageContaining("broken disk");
            assertThat(spool.files().onlyClaim().toString()).contains("claimed~");
        }
        spool.disk().repair();
        batch.ack();
        waitForRetry();

        assertThat(spool.files().onOwners()).isEmpty();
        assertThat(drain(queue)).containsExactly("bad");
    }

    @Test
    void anAckNeedsNothingOfTheFolderOfEmptiedFiles() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        spool.disk().breakAll(step -> step.path().toString().contains("/free"));
        batch.ack();
        spool.disk().repair();

        assertThat(drain(queue)).isEmpty();
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void anAckThatTheDiskRefusesMayBeTriedAgain() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        spool.disk()
                .breakAll(step -> step.is(ProbeDisk.Op.RENAME, "/free/") || step.is(ProbeDisk.Op.UNLINK, "claimed~"));
        assertThatThrownBy(batch::ack).isInstanceOf(IOException.class).hasMessageContaining("broken disk");
        spool.disk().repair();
        batch.ack();

        assertThat(drain(queue)).isEmpty();
        assertThat(spool.files().onOwners()).isEmpty();
    }

    @Test
    void aReleasedBatchComesBackAtOnceFromItsCheckpointAndNoAttemptIsCounted() throws Exception {
        publish(queue, "a", "b", "c");
        ClaimedBatch<String> first = claim(consumer);
        first.iterator().next();
        first.checkpoint();
        first.release();

        ClaimedBatch<String> second = claim(consumer);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.attempt()).isZero();
        assertThat(payloads(second)).containsExactly("b", "c");
    }

    @Test
    void aBatchOfWhichNothingWasHandedOutIsReleasedWithNoAttemptCounted() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> first = claim(consumer);
        assertThat(first.iterator().hasNext()).isTrue();
        first.release();

        ClaimedBatch<String> second = claim(consumer);
        assertThat(second.attempt()).isZero();
        assertThat(payloads(second)).containsExactly("a", "b");
    }

    @Test
    void aReleasedBatchCountsAnAttemptAndNoFailureIfMessagesAfterItsCheckpointWereHandedOut() throws Exception {
        publish(queue, "a", "b", "c");
        ClaimedBatch<String> first = claim(consumer);
        Iterator<Message<String>> messages = first.iterator();
        messages.next();
        first.checkpoint();
        messages.next();
        first.release();

        ClaimedBatch<String> second = claim(consumer);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.failures()).isZero();
        assertThat(second.isCareful()).isFalse();
        assertThat(payloads(second)).containsExactly("b", "c");
    }

    @Test
    void aReleaseKeepsTheFailuresThatWereThere() throws Exception {
        publish(queue, "a");
        claim(consumer).nack(Duration.ZERO);
        ClaimedBatch<String> second = claim(consumer);
        second.payloads().iterator().next();
        second.release();

        ClaimedBatch<String> third = claim(consumer);
        assertThat(third.attempt()).isEqualTo(2);
        assertThat(third.failures()).isEqualTo(1);
    }

    @Test
    void messagesMayBeReadByOtherThreads() throws Exception {
        publish(queue, "a", "b");
        ClaimedBatch<String> batch = claim(consumer);
        try (Crew crew = new Crew()) {
            for (Message<String> message : batch) {
                assertThat(Crew.result(crew.start(message::payload))).isEqualTo(message.payload());
            }
        }
        batch.ack();
    }

    @Test
    void theBatchTellsWhichItIs() throws Exception {
        publish(queue, "a");
        ClaimedBatch<String> batch = claim(consumer);
        assertThat(batch.id()).matches("[0-9a-z]{13}-00000000");
        assertThat(batch).hasToString("ClaimedBatch[" + readyName() + "]");
    }

    private String readyName() throws IOException {
        String name = spool.files().onlyClaim().getFileName().toString();
        return name.substring(name.lastIndexOf('~') + 1);
    }
}
