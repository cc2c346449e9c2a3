package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9}, {@code -STOP} and {@code -CONT} of real processes. */
@Timeout(120)
class KilledProcessTest {

    private static final String QUEUE = "flights";

    @TempDir
    Path temp;

    private Path spool() {
        return temp.resolve("spool");
    }

    private ChildJvm start() throws Exception {
        return ChildJvm.start(temp, TalkingProcess.class, spool().toString(), QUEUE);
    }

    @Test
    void aBatchOfAKilledConsumerGoesToAnotherProcessByItself() throws Exception {
        try (TalkingProcess here = new TalkingProcess(spool(), QUEUE);
                ChildJvm child = start()) {
            here.answer("publish", "LH 400");
            assertThat(child.ask("poll 30000")).isEqualTo("claimed attempt 0 [LH 400]");
            child.kill();

            assertThat(here.answer("poll", "60000")).isEqualTo("claimed attempt 1 [LH 400]");
            assertThat(here.answer("ack", "")).isEqualTo("acked");
            awaitOneOwner();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aHalfFilledBatchOfAKilledProducerIsDeletedAndItsPublishedOnesAreDelivered() throws Exception {
        try (TalkingProcess here = new TalkingProcess(spool(), QUEUE);
                ChildJvm child = start()) {
            here.answer("open", "");
            assertThat(child.ask("publish LH 400")).isEqualTo("published");
            String loading = child.ask("publish park").replace("loading ", "");
            assertThat(SpoolFiles.leftovers(spool())).anyMatch(file -> file.endsWith("/" + loading));
            child.kill();

            assertThat(here.answer("poll", "60000")).isEqualTo("claimed attempt 0 [LH 400]");
            assertThat(here.answer("ack", "")).isEqualTo("acked");
            awaitOneOwner();
            assertThat(SpoolFiles.leftovers(spool())).noneMatch(file -> file.endsWith("/" + loading));
            assertThat(here.answer("poll", "0")).isEqualTo("nothing");
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aStoppedOwnerIsNotRobbedHoweverOftenOthersLook() throws Exception {
        try (TalkingProcess here = new TalkingProcess(spool(), QUEUE);
                ChildJvm child = start()) {
            here.answer("publish", "LH 400");
            assertThat(child.ask("poll 30000")).isEqualTo("claimed attempt 0 [LH 400]");
            child.stop();
            for (int round = 0; round < 20; round++) {
                assertThat(here.answer("clear", "")).contains("owners=0", "requeued=0");
            }
            assertThat(here.answer("poll", "1000"))
                    .as("ten rounds of recovery later")
                    .isEqualTo("nothing");
            child.goOn();

            assertThat(child.ask("ack")).isEqualTo("acked");
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aStoppedOwnerLosesItsClaimAfterTheProcessingTimeAndIsToldSo() throws Exception {
        QueueConfig limited =
                QueueConfig.builder().maxProcessingTime(Duration.ofMillis(300)).build();
        try (Spool here = Spool.open(spool());
                ChildJvm child = start()) {
            assertThat(child.ask("publish LH 400")).isEqualTo("published");
            assertThat(child.ask("poll 30000")).isEqualTo("claimed attempt 0 [LH 400]");
            child.stop();
            try (QueueConsumer<String> consumer =
                            here.queue(QUEUE, Codecs.utf8(), limited).consumer();
                    ClaimedBatch<String> batch =
                            consumer.poll(Duration.ofSeconds(60)).orElseThrow()) {
                assertThat(batch.attempt()).isEqualTo(1);
                child.goOn();
                assertThat(child.ask("ack"))
                        .isEqualTo("lost: the claim on batch " + batch.id()
                                + " is lost: it was taken back, and is delivered again");
                batch.ack();
            }
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aWaitingConsumerGetsWhatAnotherProcessPublishes() throws Exception {
        try (TalkingProcess here = new TalkingProcess(spool(), QUEUE);
                ChildJvm child = start()) {
            assertThat(child.ask("open")).isEqualTo("opened");
            child.tell("poll 30000");
            here.answer("publish", "LH 400");
            assertThat(child.nextLine()).isEqualTo("claimed attempt 0 [LH 400]");
            assertThat(child.ask("ack")).isEqualTo("acked");
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    @Test
    void aConsumerWithoutAnyWatchGetsItToo() throws Exception {
        try (TalkingProcess here = new TalkingProcess(spool(), QUEUE);
                ChildJvm child = start()) {
            assumeThat(child.ask("takeAllWatches"))
                    .as("fs.inotify.max_user_instances is small enough to be used up")
                    .isEqualTo("no watch is left");
            assertThat(child.ask("open")).isEqualTo("opened");
            child.tell("poll 30000");
            here.answer("publish", "LH 400");
            assertThat(child.nextLine()).isEqualTo("claimed attempt 0 [LH 400]");
            assertThat(child.ask("ack")).isEqualTo("acked");
            child.end();
        }
        assertThat(SpoolFiles.leftovers(spool())).isEmpty();
    }

    private void awaitOneOwner() {
        await("the dead process's owner directory is removed")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> SpoolFiles.leftovers(spool()).stream()
                                .filter(path -> path.matches("owners/[^/]+"))
                                .count()
                        == 1);
    }
}
