package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One entry that cannot be moved, such as a folder of mode 0555 for an ordinary user, stops nothing else. */
@Timeout(60)
class StuckEntriesTest {

    /** Sorts before whatever is published in these tests. */
    private static final String STUCK = "0-20000101T000000000Z-stuck";

    @TempDir
    Path temp;

    private final Disk disk = new ForwardingDisk() {
        @Override
        public boolean rename(Path from, Path to) throws IOException {
            if (from.getFileName().toString().startsWith(STUCK)) {
                throw new AccessDeniedException(from.toString());
            }
            return super.rename(from, to);
        }
    };
    private Spool spool;
    private TurboQueue<String> queue;
    private SpoolOnDisk files;

    @BeforeEach
    void open() throws Exception {
        spool = Spool.builder(temp.resolve("spool"))
                .disk(disk)
                .environment(Map.of(), Map.of())
                .open();
        queue = spool.queue("q", Codecs.utf8());
        files = new SpoolOnDisk(spool.folder());
    }

    @AfterEach
    void close() throws Exception {
        spool.close();
    }

    private List<String> drain() throws Exception {
        List<String> payloads = new ArrayList<>();
        try (QueueConsumer<String> consumer = queue.consumer()) {
            for (var claimed = consumer.poll(Duration.ZERO);
                    claimed.isPresent();
                    claimed = consumer.poll(Duration.ZERO)) {
                try (ClaimedBatch<String> batch = claimed.get()) {
                    payloads.addAll(TestSpool.payloads(batch));
                    batch.ack();
                }
            }
        }
        return payloads;
    }

    @Test
    void aFolderInReadyIsPassedOver() throws Exception {
        Files.createDirectories(files.ready("q").resolve(STUCK + ".db"));
        TestSpool.publish(queue, "a");

        assertThat(drain()).containsExactly("a");
        assertThat(drain()).isEmpty();
    }

    @Test
    void aThousandFoldersInReadyArePassedOver() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Files.createDirectories(files.ready("q").resolve(STUCK + i + ".db"));
        }
        TestSpool.publish(queue, "a");

        assertThat(drain()).containsExactly("a");
    }

    @Test
    void aFileInReadyThatCannotBeMovedIsReportedAndThenPassedOver() throws Exception {
        Files.createDirectories(files.ready("q"));
        Files.createFile(files.ready("q").resolve(STUCK + ".db"));

        try (QueueConsumer<String> consumer = queue.consumer()) {
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .as("nothing else is there, so it may be the disk")
                    .isInstanceOf(AccessDeniedException.class);
            for (String payload : List.of("a", "b")) {
                TestSpool.publish(queue, payload);
                Thread.sleep(150); // until the folder is listed again
                try (ClaimedBatch<String> batch = TestSpool.claim(consumer)) {
                    assertThat(TestSpool.payloads(batch)).containsExactly(payload);
                    batch.ack();
                }
            }
            assertThat(consumer.poll(Duration.ZERO))
                    .as("claims worked, so it is the entry")
                    .isEmpty();
        }
    }

    @Test
    void aFolderInLaterIsPassedOver() throws Exception {
        Files.createDirectories(files.later("q").resolve(STUCK + ".db"));
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("a", SendOptions.create().delay(Duration.ofMillis(1)));
        }
        try (QueueConsumer<String> consumer = queue.consumer();
                ClaimedBatch<String> batch =
                        consumer.poll(Duration.ofSeconds(30)).orElseThrow()) {
            assertThat(TestSpool.payloads(batch)).containsExactly("a");
            batch.ack();
        }
        assertThat(files.later("q").resolve(STUCK + ".db")).isDirectory();
    }

    @Test
    void oneDeadLetterThatCannotBeMovedKeepsNoneOfTheOthersFromBeingRedriven() throws Exception {
        TestSpool.publish(queue, "a");
        TestSpool.claim(queue.consumer()).deadLetter("bad");
        Files.createFile(files.dead("q").resolve(STUCK + "~bad.db"));

        assertThatThrownBy(queue::redrive).isInstanceOf(AccessDeniedException.class);
        assertThat(drain()).containsExactly("a");
    }
}
