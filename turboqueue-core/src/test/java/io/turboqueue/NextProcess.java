package io.turboqueue;

import static org.awaitility.Awaitility.await;

import io.turboqueue.Ledger.Delivery;
import io.turboqueue.owner.EveryOtherIsGone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A healthy process that opens a spool after another one died: it clears what is left and consumes all there is. */
final class NextProcess implements AutoCloseable {

    private static final int HASTE = 50;

    private final Spool spool;
    private final TurboQueue<String> queue;

    /** For it a day has passed, so everything delayed is due, and its stopwatch runs fast. */
    NextProcess(Path folder, String queue) throws IOException {
        this.spool = Spool.builder(folder)
                .environment(Map.of(), Map.of())
                .config(QueueConfig.builder()
                        .recoveryInterval(Duration.ofMillis(100))
                        .build())
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofDays(1)))
                .processes(new EveryOtherIsGone())
                .nanos(() -> System.nanoTime() * HASTE)
                .open();
        this.queue = spool.queue(queue, Codecs.utf8());
    }

    /** Waits until no owner directory is there but this process's own. */
    NextProcess clearOwners() throws IOException {
        spool.session();
        Path owners = spool.folder().resolve("owners");
        await("the directories of dead owners are recovered")
                .atMost(Duration.ofSeconds(10))
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> entries(owners) == 1);
        return this;
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).count();
        }
    }

    NextProcess redrive() throws IOException {
        queue.redrive();
        return this;
    }

    /** Acks everything. */
    List<Delivery> consumeAll() throws IOException, InterruptedException {
        List<Delivery> deliveries = new ArrayList<>();
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ZERO);
            while (claimed.isPresent()) {
                try (ClaimedBatch<String> batch = claimed.get()) {
                    deliveries.add(Delivery.of(batch));
                    batch.ack();
                }
                claimed = consumer.poll(Duration.ZERO);
            }
        }
        return deliveries;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
