package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.inspect.BatchChanges;
import io.turboqueue.inspect.BatchFilter;
import io.turboqueue.inspect.BatchInfo;
import io.turboqueue.inspect.BatchState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueAdminTest {

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;
    private QueueAdmin admin;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue();
        admin = queue.admin();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private List<BatchInfo> in(BatchState state) throws IOException {
        return spool.spool().inspector().batches(TestSpool.QUEUE, BatchFilter.in(state));
    }

    private void publishThree() throws Exception {
        for (String payload : List.of("a", "b", "c")) {
            publish(queue, payload);
            spool.time().advance(Duration.ofMinutes(1));
        }
    }

    private void deadLetter(String payload, String reason) throws Exception {
        publish(queue, payload);
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).deadLetter(reason);
        }
    }

    private static BatchChanges changed(long batches) {
        return new BatchChanges(batches, batches, 0, Map.of());
    }

    @Test
    void aPausedQueueDeliversNothingUntilItIsResumed() throws Exception {
        publish(queue, "a");

        assertThat(admin.pause()).isTrue();
        assertThat(admin.pause()).as("again").isFalse();
        assertThat(queue.inspector().stats().paused()).isTrue();
        assertThat(drain(queue)).isEmpty();

        assertThat(admin.resume()).isTrue();
        assertThat(admin.resume()).as("again").isFalse();
        spool.time().advance(Duration.ofSeconds(2));
        assertThat(drain(queue)).containsExactly("a");
    }

    @Nested
    class HoldAndRelease {

        @Test
        void heldBatchesAreDeliveredOnlyAfterTheirRelease() throws Exception {
            publishThree();
            String second = in(BatchState.READY).get(1).id();

            assertThat(admin.hold(BatchFilter.all().ids(Set.of(second)))).isEqualTo(changed(1));
            assertThat(in(BatchState.HELD)).extracting(BatchInfo::id).containsExactly(second);
            assertThat(drain(queue)).containsExactly("a", "c");

            assertThat(admin.release(BatchFilter.all())).isEqualTo(changed(1));
            assertThat(drain(queue)).containsExactly("b");
        }

        @Test
        void aDelayedBatchIsDelayedAgainAfterItsRelease() throws Exception {
            try (QueueProducer<String> producer = queue.producer()) {
                producer.send("later", SendOptions.create().delay(Duration.ofHours(1)));
            }

            assertThat(admin.hold(BatchFilter.all())).isEqualTo(changed(1));
            assertThat(admin.release(BatchFilter.all())).isEqualTo(changed(1));
            assertThat(in(BatchState.DELAYED)).hasSize(1);
        }

        @Test
        void aClaimedBatchIsNotHeld() throws Exception {
            publish(queue, "a");
            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> claimed = claim(consumer);
                assertThat(admin.hold(BatchFilter.all())).isEqualTo(changed(0));
                claimed.ack();
            }
        }
    }

    @Nested
    class Redrive {

        @Test
        void onlyDeadLettersWithTheReasonAreRedriven() throws Exception {
            deadLetter("a", "no-such-airport");
            deadLetter("b", "timeout");

            assertThat(admin.redrive(BatchFilter.all().reason("timeout"))).isEqualTo(changed(1));
            assertThat(drain(queue)).containsExactly("b");
            assertThat(in(BatchState.DEAD)).singleElement().satisfies(left -> assertThat(left.reason())
                    .contains("no-such-airport"));
        }

        @Test
        void onlyDeadLettersOfThatAgeAreRedriven() throws Exception {
            deadLetter("old", "bad");
            spool.time().advance(Duration.ofHours(1));
            deadLetter("new", "bad");

            BatchFilter old = BatchFilter.all().dueBefore(spool.time().instant().minus(Duration.ofMinutes(30)));
            assertThat(admin.redrive(old)).isEqualTo(changed(1));
            assertThat(drain(queue)).containsExactly("old");
        }

        @Test
        void failuresStartAgainAndAttemptsContinue() throws Exception {
            deadLetter("a", "bad");

            admin.redrive(BatchFilter.all());

            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> again = claim(consumer);
                assertThat(again.failures()).isZero();
                assertThat(again.attempt()).isPositive();
                again.ack();
            }
        }

        @Test
        void oneThatCannotBeMovedIsNamedAndKeepsNoneOfTheOthersFromIt() throws Exception {
            deadLetter("a", "bad");
            spool.time().advance(Duration.ofMinutes(1));
            deadLetter("b", "bad");
            BatchInfo stuck = in(BatchState.DEAD).get(0);
            spool.disk().breakNth(1, step -> step.op() == ProbeDisk.Op.RENAME);

            BatchChanges changes = admin.redrive(BatchFilter.all());

            assertThat(changes.batches()).isEqualTo(1);
            assertThat(changes.failures()).containsOnlyKeys(stuck.id());
            assertThatThrownBy(changes::requireNoFailure).isInstanceOf(IOException.class);
            assertThat(drain(queue)).containsExactly("b");
        }
    }

    @Nested
    class MoveAndPurge {

        @Test
        void movedBatchesAreDeliveredByTheOtherQueue() throws Exception {
            publishThree();

            assertThat(admin.moveTo("slow", BatchFilter.all().limit(2))).isEqualTo(changed(2));

            assertThat(drain(queue)).containsExactly("c");
            assertThat(drain(spool.spool().queue("slow", Codecs.utf8()))).containsExactly("a", "b");
        }

        @Test
        void aQueueIsNotMovedIntoItself() {
            assertThatThrownBy(() -> admin.moveTo(TestSpool.QUEUE, BatchFilter.all()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("queue q is where the batches are already");
        }

        @Test
        void purgedBatchesAreGoneAndClaimedOnesStay() throws Exception {
            publishThree();
            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> claimed = claim(consumer);

                assertThat(admin.purge(BatchFilter.all())).isEqualTo(changed(2));

                assertThat(in(BatchState.READY)).isEmpty();
                claimed.ack();
            }
        }
    }

    @Nested
    class Drop {

        @Test
        void aDroppedQueueHasNoFolderAndCanBeUsedAgain() throws Exception {
            publishThree();
            deadLetter("d", "bad");
            long batches = admin.checkDrop();

            assertThat(admin.drop()).isEqualTo(batches);

            assertThat(spool.files().queue(TestSpool.QUEUE)).doesNotExist();
            publish(queue, "again");
            assertThat(drain(queue)).containsExactly("again");
        }

        @Test
        void aQueueWithAClaimIsNotDropped() throws Exception {
            publish(queue, "a");
            try (QueueConsumer<String> consumer = queue.consumer()) {
                ClaimedBatch<String> claimed = claim(consumer);

                assertThatThrownBy(admin::drop)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("1 batch of q claimed: stop its consumers");
                claimed.ack();
            }
        }

        @Test
        void aQueueWithAForeignFileIsNotDroppedAndLosesNothing() throws Exception {
            publishThree();
            Files.createFile(spool.files().ready(TestSpool.QUEUE).resolve("notes.txt"));

            assertThatThrownBy(admin::drop)
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "the folder of q holds \"ready/notes.txt\", which is not the queue's; nothing was deleted");
            assertThat(drain(queue)).containsExactly("a", "b", "c");
        }
    }

    @Nested
    class Salvage {

        @Test
        void readableMessagesArePublishedAndTheFileIsMarked() throws Exception {
            publish(queue, "a", "b");
            BatchInfo batch = in(BatchState.READY).get(0);
            byte[] bytes = Files.readAllBytes(batch.file());
            bytes[bytes.length - 1] ^= 1; // in a payload, so that only the checksum notices
            Files.write(batch.file(), bytes);
            assertThat(drain(queue)).isEmpty();
            BatchInfo dead = in(BatchState.DEAD).get(0);

            assertThat(admin.salvage(dead.file())).isEqualTo(2);

            assertThat(drain(queue)).hasSize(2);
            assertThat(in(BatchState.DEAD)).singleElement().satisfies(left -> assertThat(left.reason())
                    .contains(dead.reason().orElseThrow() + "-salvaged"));
        }
    }
}
