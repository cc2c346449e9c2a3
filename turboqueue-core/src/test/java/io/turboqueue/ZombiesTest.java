package io.turboqueue;

import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.ClaimRequeue;
import io.turboqueue.owner.ClaimTimeout;
import io.turboqueue.time.ManualNanos;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners that lost their claims come back late, and harm nobody. */
@Timeout(120)
class ZombiesTest {

    private static final int ZOMBIES = 500;
    private static final long LIMIT = Duration.ofMinutes(1).toNanos();

    @TempDir
    Path temp;

    @Test
    void whateverFiveHundredLateOwnersDoTheNewOwnersKeepTheirClaims() throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"));
                Spool other = Spool.open(temp.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            for (int i = 0; i < ZOMBIES; i++) {
                publish(queue, "message " + i, "another");
            }
            List<ClaimedBatch<String>> late = claimAll(queue);
            takeAllBack();
            List<ClaimedBatch<String>> claimed = claimAll(other.queue("q", Codecs.utf8()));
            assertThat(claimed).hasSize(ZOMBIES).allMatch(batch -> batch.attempt() == 1);

            for (int i = 0; i < ZOMBIES; i++) {
                ClaimedBatch<String> zombie = late.get(i);
                int kind = i;
                assertThatThrownBy(() -> comeBack(zombie, kind)).isInstanceOf(ClaimLostException.class);
                zombie.close();
            }

            for (ClaimedBatch<String> batch : claimed) {
                batch.ack();
            }
            QueueStats left = queue.inspector().stats();
            assertThat(left.ready().batches()
                            + left.delayed().batches()
                            + left.dead().batches()
                            + left.claimed().batches())
                    .isZero();
        }
    }

    private static void comeBack(ClaimedBatch<String> zombie, int kind) throws IOException {
        Message<String> first = zombie.iterator().next();
        switch (kind % 7) {
            case 0 -> zombie.ack();
            case 1 -> zombie.nack();
            case 2 -> zombie.nack(Duration.ZERO);
            case 3 -> zombie.checkpoint();
            case 4 -> zombie.release();
            case 5 -> zombie.deadLetter("late");
            default -> {
                zombie.fail(first, new IOException("late"));
                zombie.ack();
            }
        }
    }

    private static List<ClaimedBatch<String>> claimAll(TurboQueue<String> queue) throws Exception {
        List<ClaimedBatch<String>> batches = new ArrayList<>();
        QueueConsumer<String> consumer = queue.consumer(); // closed with its spool
        Optional<ClaimedBatch<String>> batch = consumer.poll(Duration.ZERO);
        while (batch.isPresent()) {
            batches.add(batch.get());
            batch = consumer.poll(Duration.ZERO);
        }
        return batches;
    }

    private void takeAllBack() throws IOException {
        LocalDisk disk = new LocalDisk();
        SpoolFolder folder = SpoolFolder.existing(disk, temp.resolve("spool"));
        ManualNanos clock = new ManualNanos();
        ClaimTimeout overtime = new ClaimTimeout(disk, folder, new ClaimRequeue(disk, folder, queue -> 5), clock);
        assertThat(overtime.runOnce(Map.of(new QueueName("q"), LIMIT))).isZero();
        clock.advance(Duration.ofNanos(LIMIT));
        assertThat(overtime.runOnce(Map.of(new QueueName("q"), LIMIT))).isEqualTo(ZOMBIES);
    }
}
