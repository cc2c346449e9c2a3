package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full, SQLite's writes included: a file system of one megabyte, which only root can mount. */
@Timeout(60)
class FullDiskTest {

    private static final int MAX_BATCHES = 1000;
    private static final int PADDING = 5000;

    @TempDir
    Path temp;

    private @Nullable MountedDisk mounted;
    private Path disk = Path.of("unset");

    @BeforeEach
    void mount() throws Exception {
        mounted = MountedDisk.mount(temp, "1m");
        disk = mounted.folder();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            mounted.unmount();
        }
    }

    @Test
    void producersKeepTheirMessagesUntilThereIsRoomAndConsumersMakeIt() throws Exception {
        List<String> sent = new ArrayList<>();
        List<String> delivered = new ArrayList<>();
        try (Spool spool = Spool.open(disk.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue(
                    "flights",
                    Codecs.utf8(),
                    QueueConfig.builder().batchLinger(Duration.ofHours(1)).build());
            try (QueueProducer<String> producer = queue.producer();
                    QueueConsumer<String> consumer = queue.consumer()) {
                assertThatThrownBy(() -> fill(producer, sent))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(QueueFullException.class)
                        .hasMessageMatching("(?s).*(full|No space left).*"); // SQLite's words or the system's
                assertThatThrownBy(producer::flush).as("still full").isInstanceOf(IOException.class);

                consumeAll(consumer, delivered);
                assertThat(delivered)
                        .as("what was published until the disk was full")
                        .hasSizeBetween(10, sent.size() - 1);
                producer.flush();
                consumeAll(consumer, delivered);
            }
        }
        assertThat(delivered).as("everything, once and in order").containsExactlyElementsOf(sent);
        assertThat(SpoolFiles.leftovers(disk.resolve("spool"))).isEmpty();
    }

    private static void fill(QueueProducer<String> producer, List<String> sent)
            throws IOException, InterruptedException {
        for (int i = 1; i <= MAX_BATCHES; i++) {
            String payload = "message " + i + " " + "x".repeat(PADDING);
            producer.send(payload);
            sent.add(payload);
            producer.flush();
        }
    }

    private static void consumeAll(QueueConsumer<String> consumer, List<String> delivered)
            throws IOException, InterruptedException {
        Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ZERO);
        while (claimed.isPresent()) {
            try (ClaimedBatch<String> batch = claimed.get()) {
                assertThat(batch.attempt()).isZero();
                batch.forEach(message -> delivered.add(message.payload()));
                batch.ack();
            }
            claimed = consumer.poll(Duration.ZERO);
        }
    }
}
