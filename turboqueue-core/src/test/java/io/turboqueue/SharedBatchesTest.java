package io.turboqueue;

import static io.turboqueue.TestSpool.config;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SharedBatchesTest {

    private static final int THREADS = 2;
    private static final ActiveBatch.Checkpoints CHECKPOINTS = new ActiveBatch.Checkpoints(NanoClock.SYSTEM, 0, false);

    @TempDir
    Path temp;

    private Spool spool;
    private TurboQueue<String> queue;

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(temp.resolve("spool"));
        queue = spool.queue("q", Codecs.utf8(), config("delivery.retryBackoff=0s"));
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    @Test
    void batchesWhoseMessagesCannotBeTakenKeepNobodyFromTheNext() throws Exception {
        publish(queue, "a");
        AtomicInteger polls = new AtomicInteger();
        try (QueueConsumer<String> consumer = queue.consumer();
                Crew crew = new Crew()) {
            Claiming<String> claiming = new Claiming<>(
                    timeout -> {
                        ClaimedBatch<String> batch = consumer.poll(timeout).orElseThrow();
                        if (polls.incrementAndGet() <= THREADS) {
                            batch.close(); // it gives no more messages then
                        }
                        return batch;
                    },
                    CHECKPOINTS,
                    () -> false);
            SharedBatches<String> shared = new SharedBatches<>(claiming, THREADS, null);
            for (int i = 0; i < THREADS; i++) {
                assertThatThrownBy(shared::next).isInstanceOf(IllegalStateException.class);
            }
            Work<String> work = Crew.result(crew.start(shared::next));
            assertThat(work.message().payload()).isEqualTo("a");
            work.batch().finished(work.message(), null);
            shared.done(work);
        }
        assertThat(TestSpool.drain(queue)).isEmpty();
    }
}
