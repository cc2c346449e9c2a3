package io.turboqueue;

import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages one by one, each with an ack of its own. */
class PollMessageTest {

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;
    private QueueConsumer<String> consumer;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue("delivery.maxAttempts=3", "delivery.retryBackoff=1s");
        consumer = queue.consumer();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private ClaimedMessage<String> take() throws Exception {
        return consumer.pollMessage(Duration.ZERO).orElseThrow();
    }

    private List<String> claims() throws IOException {
        return spool.files().onOwners().stream()
                .map(claim -> claim.getFileName().toString())
                .filter(name -> name.startsWith("claimed~"))
                .toList();
    }

    @Test
    void messagesComeInOrderAndAnAckedBatchIsGone() throws Exception {
        publish(queue, "a", "b");
        spool.time().advance(Duration.ofSeconds(1));
        publish(queue, "c");
        for (String expected : List.of("a", "b", "c")) {
            ClaimedMessage<String> message = take();
            assertThat(message.payload()).isEqualTo(expected);
            message.ack();
        }
        assertThat(consumer.pollMessage(Duration.ZERO)).isEmpty();
        assertThat(claims()).isEmpty();
        consumer.close();
        assertThat(drain(queue)).isEmpty();
    }

    @Test
    void theBatchIsDoneAsFarAsEveryMessageBeforeIsSettled() throws Exception {
        publish(queue, "a", "b", "c", "d");
        ClaimedMessage<String> first = take();
        ClaimedMessage<String> second = take();
        ClaimedMessage<String> third = take();

        third.ack();
        assertThat(claims()).singleElement().asString().doesNotContain(".o");
        first.ack();
        assertThat(claims()).singleElement().asString().contains(".o1.");
        second.ack();
        assertThat(claims()).singleElement().asString().contains(".o3.");
    }

    @Test
    void whatWasNotTakenGoesBackUncountedWhenTheConsumerIsClosed() throws Exception {
        publish(queue, "a", "b", "c");
        take().ack();
        consumer.close();

        assertThat(SpoolOnDisk.names(spool.files().ready("q")))
                .singleElement()
                .asString()
                .endsWith(".a0.o1.db");
        assertThat(drain(queue)).containsExactly("b", "c");
    }

    @Test
    void aMessageThatWasTakenIsKeptUntilItIsSettledThoughTheConsumerIsClosed() throws Exception {
        publish(queue, "a", "b", "c");
        ClaimedMessage<String> first = take();
        ClaimedMessage<String> second = take();
        consumer.close();
        assertThat(drain(queue)).isEmpty();

        second.ack();
        assertThat(drain(queue)).isEmpty();
        first.ack();
        assertThat(drain(queue)).containsExactly("c");
        assertThatThrownBy(() -> consumer.pollMessage(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneThatFailsIsRetriedAlone() throws Exception {
        publish(queue, "bad", "good");
        ClaimedMessage<String> bad = take();
        String identity = bad.message().identity();
        bad.fail(new IOException("no"));
        take().ack();
        spool.time().advance(Duration.ofMinutes(1));

        ClaimedMessage<String> again = take();
        assertThat(again.payload()).isEqualTo("bad");
        assertThat(again.message().identity()).isEqualTo(identity);
        assertThat(again.message().attempt()).isEqualTo(1);
        assertThat(again.message().headers()).containsEntry(Headers.ERROR, "java.io.IOException: no");
    }

    @Test
    void closingWithoutAnAckIsAFailure() throws Exception {
        publish(queue, "a");
        take().close();
        spool.time().advance(Duration.ofMinutes(1));

        try (ClaimedMessage<String> again = take()) {
            assertThat(again.message().headers().get(Headers.ERROR)).contains("closed without an ack");
            again.ack();
        }
        spool.time().advance(Duration.ofMinutes(1));
        assertThat(consumer.pollMessage(Duration.ZERO)).isEmpty();
    }

    @Test
    void nothingIsSettledTwice() throws Exception {
        publish(queue, "a", "b");
        ClaimedMessage<String> first = take();
        ClaimedMessage<String> second = take();
        second.ack();
        assertThatThrownBy(second::ack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("message " + second.message().identity() + " was acked or has failed already");
        first.ack();
        assertThatThrownBy(() -> first.fail(new IOException())).isInstanceOf(IllegalStateException.class);
        first.close();
    }

    @Test
    void anAckThatFailsMayBeTriedAgain() throws Exception {
        publish(queue, "a", "b");
        ClaimedMessage<String> message = take();
        spool.disk().breakAll(step -> step.op() == ProbeDisk.Op.RENAME);
        assertThatThrownBy(message::ack).isInstanceOf(IOException.class);
        spool.disk().repair();

        message.ack();
        assertThat(claims()).singleElement().asString().containsPattern("[.][ox]1[.]");
    }

    @Test
    void anAckSucceedsThoughTheRestOfItsBatchCannotBeGivenBackNow() throws Exception {
        publish(queue, "a", "b", "c");
        ClaimedMessage<String> message = take();
        consumer.close();
        spool.disk().breakAll(step -> step.is(ProbeDisk.Op.RENAME, "/ready/"));
        message.ack();
        spool.disk().repair();
        spool.close();

        spool = new TestSpool(temp);
        assertThat(drain(spool.queue())).containsExactly("b", "c");
    }

    @Test
    void aCloseThatCannotGiveTheRestBackLeavesItToTheSpool() throws Exception {
        publish(queue, "a", "b");
        take().ack();
        spool.disk().breakAll(step -> step.is(ProbeDisk.Op.RENAME, "/ready/"));
        consumer.close();
        spool.disk().repair();
        spool.close();

        spool = new TestSpool(temp);
        assertThat(drain(spool.queue())).containsExactly("b");
    }

    @Test
    void aMessageThatCannotBeHandedOutIsNotWaitedFor() throws Exception {
        publish(queue, "a", "b", "c");
        take().ack();
        ClaimedMessage<String> second = take();
        spool.disk().breakAll(step -> step.op() == ProbeDisk.Op.RENAME);
        assertThatThrownBy(this::take).isInstanceOf(IOException.class).hasMessageContaining("the disk fails");
        spool.disk().repair();

        second.ack();
        consumer.close();
        assertThat(drain(queue)).containsExactly("c");
    }

    @Test
    void afterALostClaimTheNextBatchIsTaken() throws Exception {
        publish(queue, "a", "b");
        ClaimedMessage<String> message = take();
        for (Path file : spool.files().onOwners()) {
            if (file.getFileName().toString().startsWith("claimed~")) {
                Files.delete(file);
            }
        }
        publish(queue, "c");
        assertThatThrownBy(message::ack).isInstanceOf(ClaimLostException.class);

        assertThat(take().payload()).isEqualTo("c");
    }

    @Test
    void anAckAfterTheSpoolWasClosedSaysSo() throws Exception {
        publish(queue, "a", "b");
        ClaimedMessage<String> message = take();
        spool.close();

        assertThatThrownBy(message::ack)
                .isInstanceOf(ClaimLostException.class)
                .hasMessage(
                        "the spool was closed before batch " + message.message().batchId()
                                + " was settled, so the batch went back to its queue and is delivered again");
    }

    @Test
    void threadsShareTheMessagesOfABatch() throws Exception {
        List<String> payloads =
                IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        publish(queue, payloads.toArray(String[]::new));
        try (Crew crew = new Crew()) {
            AtomicInteger settled = new AtomicInteger();
            List<Future<List<String>>> takers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                takers.add(crew.start(() -> {
                    List<String> taken = new ArrayList<>();
                    while (settled.get() < payloads.size()) {
                        Optional<ClaimedMessage<String>> next = consumer.pollMessage(Duration.ZERO);
                        if (next.isPresent()) {
                            taken.add(next.get().payload());
                            next.get().ack();
                            settled.incrementAndGet();
                        }
                    }
                    return taken;
                }));
            }
            Set<String> all = new HashSet<>();
            int count = 0;
            for (Future<List<String>> taker : takers) {
                List<String> taken = Crew.result(taker);
                all.addAll(taken);
                count += taken.size();
            }
            assertThat(count).isEqualTo(200);
            assertThat(all).hasSize(200);
        }
        assertThat(claims()).isEmpty();
    }
}
