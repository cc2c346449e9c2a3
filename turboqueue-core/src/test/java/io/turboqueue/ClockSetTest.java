package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the wall clock by a day: delays that began before end as if nobody had, or at once. */
@Timeout(180)
class ClockSetTest {

    private static final String RETRY_AFTER_A_SECOND = "delivery.retryBackoff=1s";
    private static final Duration MAX_RETRY = Duration.ofMillis(1200); // a fifth more at random

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

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aRetryComesWithinItsDelay(int days) throws Exception {
        TurboQueue<String> queue = spool.queue(RETRY_AFTER_A_SECOND);
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).nack();
        }
        spool.time().setWallClock(Duration.ofDays(days));
        spool.time().advance(MAX_RETRY);

        assertThat(drain(queue)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aRetryWithADelayOfTheCallersComesWithinIt(int days) throws Exception {
        TurboQueue<String> queue = spool.queue();
        publish(queue, "a");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).nack(Duration.ofMinutes(5));
        }
        spool.time().setWallClock(Duration.ofDays(days));
        spool.time().advance(Duration.ofMinutes(5));

        assertThat(drain(queue)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aMessageThatFailedAloneComesWithinItsDelay(int days) throws Exception {
        TurboQueue<String> queue = spool.queue(RETRY_AFTER_A_SECOND);
        publish(queue, "good", "bad");
        try (QueueConsumer<String> consumer = queue.consumer();
                ClaimedBatch<String> batch = claim(consumer)) {
            for (Message<String> message : batch) {
                if (message.payload().equals("bad")) {
                    batch.fail(message, new IllegalStateException("as wanted"));
                }
            }
            batch.ack();
        }
        spool.time().setWallClock(Duration.ofDays(days));
        spool.time().advance(MAX_RETRY);

        assertThat(drain(queue)).containsExactly("bad");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aDelayedMessageComesWithinItsDelayAlsoIfTheClockWasSetWhileItWasBuffered(int days) throws Exception {
        TurboQueue<String> queue = spool.queue("batch.linger=1s");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("published before", SendOptions.create().delay(Duration.ofSeconds(10)));
            producer.flush();
            producer.send("buffered", SendOptions.create().delay(Duration.ofSeconds(10)));
            spool.time().setWallClock(Duration.ofDays(days));
        }
        spool.time().advance(Duration.ofSeconds(10));

        assertThat(drain(queue)).containsExactlyInAnyOrder("published before", "buffered");
    }

    @Test
    void aClockSetBackShortensNothing() throws Exception {
        TurboQueue<String> queue = spool.queue("batch.linger=1s");
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("published before", SendOptions.create().delay(Duration.ofSeconds(10)));
            producer.flush();
            producer.send("buffered", SendOptions.create().delay(Duration.ofSeconds(10)));
            spool.time().setWallClock(Duration.ofDays(-1));
        }
        spool.time().advance(Duration.ofMillis(9_999));

        assertThat(drain(queue)).isEmpty();
    }

    /** Each retry made while the clock is ahead is due tomorrow by its name. */
    @Test
    void aRetryMadeWhileTheClockWasAheadComesWithinItsDelayWhenThatIsPutRight() throws Exception {
        TurboQueue<String> queue = spool.queue(RETRY_AFTER_A_SECOND);
        publish(queue, "a");
        spool.time().setWallClock(Duration.ofDays(1));
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).nack();
        }
        spool.time().setWallClock(Duration.ofDays(-1));
        spool.time().advance(MAX_RETRY);

        assertThat(drain(queue)).containsExactly("a");
    }

    /** The one that polls never saw the batch before the clock was set; the one that delayed it does not poll. */
    @ParameterizedTest
    @ValueSource(strings = {"send 2000 a", "nack a"})
    void aProcessThatOnlyDelayedABatchMakesItReadyInTime(String delaying) throws Exception {
        String folder = temp.resolve("real").toString();
        try (ChildJvm delayer = ChildJvm.start(temp, ClockedProcess.class, folder, "0")) {
            delayer.ask(delaying);
            assertThat(delayer.ask("set -86400")).isEqualTo("set");
            try (ChildJvm poller = ChildJvm.start(temp, ClockedProcess.class, folder, "-86400")) {
                assertThat(poller.ask("poll 50")).as("not in a day").isEqualTo("a");
            }
        }
    }

    /** The one that delayed the batch is gone; the one that saw it waiting is there. */
    @Test
    void aProcessThatSawABatchWaitKnowsForHowLong() throws Exception {
        String folder = temp.resolve("real").toString();
        try (ChildJvm poller = ChildJvm.start(temp, ClockedProcess.class, folder, "0")) {
            try (ChildJvm sender = ChildJvm.start(temp, ClockedProcess.class, folder, "0")) {
                assertThat(sender.ask("send 4000 a")).isEqualTo("sent");
                String seen = poller.ask("poll 0"); // "a" if this machine is so slow that 4 s are over
                assertThat(seen).isIn("nothing", "a");
                if (seen.equals("a")) {
                    return;
                }
                sender.end();
            }
            assertThat(poller.ask("set -86400")).isEqualTo("set");
            assertThat(poller.ask("poll 50")).as("not in a day").isEqualTo("a");
        }
    }
}
