package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread that was interrupted may still open what it needs to end in good order; the interrupt is kept for it. */
class InterruptedCallerTest {

    @TempDir
    Path temp;

    @AfterEach
    void forget() {
        Thread.interrupted();
    }

    private static void requireKept() {
        assertThat(Thread.interrupted()).as("the interrupt was kept").isTrue();
    }

    @Test
    void theFirstProducerCanBeOpened() throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            Thread.currentThread().interrupt();
            try (QueueProducer<String> producer = queue.producer()) {
                requireKept();
                producer.send("a");
            }
            assertThat(TestSpool.drain(queue)).containsExactly("a");
        }
    }

    @Test
    void theFirstConsumerCanBeOpened() throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            Thread.currentThread().interrupt();
            queue.consumer().close();
            requireKept();
        }
    }

    @Test
    void aSpoolAndAQueueWithSettingsFilesCanBeOpened() throws Exception {
        Path folder = temp.resolve("spool");
        Spool.open(folder).close();
        Files.writeString(folder.resolve("turboqueue.json"), "{\"batch\": {\"maxMessages\": 7}}");
        Files.createDirectory(folder.resolve("q"));
        Files.writeString(folder.resolve("q/queue.json"), "{\"batch\": {\"linger\": \"7ms\"}}");
        Thread.currentThread().interrupt();
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<byte[]> queue = spool.queue("q");
            requireKept();
            assertThat(queue.config().batchMaxMessages()).isEqualTo(7);
            assertThat(queue.config().batchLinger()).hasMillis(7);
        }
    }

    @Test
    void workersCanBeStarted() throws Exception {
        try (Spool spool = Spool.open(temp.resolve("spool"))) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8());
            Thread.currentThread().interrupt();
            try (QueueWorkers workers = queue.workers(2, message -> {})) {
                requireKept();
                assertThat(workers.isRunning()).isTrue();
            }
        }
        assertThat(List.of(Thread.interrupted())).containsExactly(false);
    }
}
