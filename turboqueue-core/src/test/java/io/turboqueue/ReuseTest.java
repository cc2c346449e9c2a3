package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.StoredMessages;
import io.turboqueue.batch.jdbc.BatchFileInfo;
import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of acked batches are filled again. */
class ReuseTest {

    @TempDir
    Path temp;

    private Spool spool;
    private TurboQueue<String> queue;
    private QueueProducer<String> producer;
    private QueueConsumer<String> consumer;

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(temp.resolve("spool"));
        queue = spool.queue("q", Codecs.utf8());
        producer = queue.producer();
        consumer = queue.consumer();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private void publish(int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            producer.send("message " + i);
        }
        producer.flush();
    }

    private ClaimedBatch<String> claim() throws Exception {
        return consumer.poll(Duration.ofSeconds(5)).orElseThrow();
    }

    private List<Path> in(String folder) throws IOException {
        Path path = spool.folder().resolve("q").resolve(folder);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void theNextBatchGoesIntoTheFileOfTheOneAckedBefore() throws Exception {
        publish(10);
        Object first = inode(in("ready").get(0));
        claim().ack();
        assertThat(in("free")).hasSize(1);
        publish(10);

        assertThat(in("free")).isEmpty();
        assertThat(inode(in("ready").get(0))).isEqualTo(first);
    }

    @Test
    void aSmallBatchInALargeFileHoldsNothingOfTheOldOne() throws Exception {
        publish(5000);
        claim().ack();
        publish(3);
        Path file = in("ready").get(0);

        try (JdbcEngine sqlite = new JdbcEngine(new LocalDisk())) {
            BatchFileInfo facts = sqlite.facts(file);
            assertThat(facts.integrity()).isEqualTo("ok");
            assertThat(facts.header().pages()).isEqualTo(2);
        }
        List<String> payloads = new ArrayList<>();
        try (ClaimedBatch<String> batch = claim()) {
            batch.forEach(message -> payloads.add(message.payload()));
            batch.ack();
        }
        assertThat(payloads).containsExactly("message 0", "message 1", "message 2");
    }

    @Test
    void aFileOfABatchThatWasDeliveredBeforeIsDeleted() throws Exception {
        publish(10);
        claim().nack(Duration.ZERO);
        claim().ack();

        assertThat(in("free")).isEmpty();
    }

    @Test
    void theJdbcEngineKeepsNone() throws Exception {
        TurboQueue<String> plain = spool.queue(
                "plain",
                Codecs.utf8(),
                QueueConfig.builder().engine(Engine.JDBC).build());
        try (QueueProducer<String> sender = plain.producer();
                QueueConsumer<String> receiver = plain.consumer()) {
            sender.send("a");
            sender.flush();
            receiver.poll(Duration.ofSeconds(5)).orElseThrow().ack();
        }

        assertThat(spool.folder().resolve("plain").resolve("free")).doesNotExist();
    }

    @Test
    void anInspectorThatIsOvertakenGetsNothingRatherThanAnotherBatch() throws Exception {
        publish(10);
        SpoolScan scan = new SpoolScan(new LocalDisk(), SpoolFolder.existing(new LocalDisk(), spool.folder()));
        BatchEntry seen = scan.batches(new QueueName("q"), BatchState.READY).get(0);
        BatchReading reading = new BatchReading(new LocalDisk(), new Overtaken(() -> {
            claim().ack();
            publish(10);
        }));

        assertThat(reading.read(seen)).isEmpty();
    }

    /** What happens to a file between its listing and its reading. */
    private interface Meanwhile {
        void happens() throws Exception;
    }

    /** Reads after something has happened, through a descriptor that was open before. */
    private static final class Overtaken implements BatchEngine {
        private final Meanwhile meanwhile;
        private final BatchEngine engine = new PagesEngine(new LocalDisk());

        Overtaken(Meanwhile meanwhile) {
            this.meanwhile = meanwhile;
        }

        @Override
        public BatchWriter writer(Supplier<Path> file, Blanks blanks) {
            return engine.writer(file, blanks);
        }

        @Override
        public StoredMessages read(Path file, @Nullable BatchSeal seal, long mostMemory) throws IOException {
            Path opened = Files.createLink(file.resolveSibling("descriptor"), file);
            try {
                meanwhile.happens();
            } catch (Exception failed) {
                throw new IOException(failed);
            }
            return engine.read(opened, seal, mostMemory);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
