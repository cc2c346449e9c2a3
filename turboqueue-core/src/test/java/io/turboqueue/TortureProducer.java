package io.turboqueue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Publishes batches to queues until its input ends, and writes to a ledger what it is about to publish and what it has
 * published. Arguments: the spool, the ledger, a name that no other producer has, a seed, the queues.
 */
final class TortureProducer {

    /** Before publishing a batch. */
    static final String INTENDED = "I";
    /** After publishing returned. */
    static final String PUBLISHED = "P";

    private static final int MOST_MESSAGES = 20;
    private static final int MOST_PADDING = 3000;

    private TortureProducer() {}

    public static void main(String[] arguments) throws Exception {
        ParentProcess.watch();
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[3]));
        QueueConfig config = QueueConfig.builder()
                .recoveryInterval(Duration.ofMillis(200))
                .maxReadyBatches(100)
                .batchLinger(Duration.ofSeconds(1))
                .build();
        try (LedgerFile ledger = LedgerFile.open(Path.of(arguments[1]));
                Spool spool =
                        Spool.builder(Path.of(arguments[0])).config(config).open()) {
            List<String> queues = List.of(arguments).subList(4, arguments.length);
            for (int i = 1; ParentProcess.isThere(); i++) {
                String queue = queues.get(random.nextInt(queues.size()));
                try (QueueProducer<String> producer =
                        spool.queue(queue, Codecs.utf8()).producer()) {
                    publish(producer, ledger, arguments[2] + "-" + i, random);
                }
                Thread.sleep(random.nextInt(20));
            }
        }
    }

    private static void publish(
            QueueProducer<String> producer, LedgerFile ledger, String batch, SplittableRandom random)
            throws IOException, InterruptedException {
        int messages = 1 + random.nextInt(MOST_MESSAGES);
        SendOptions options = options(random);
        ledger.write(INTENDED, batch, Integer.toString(messages));
        for (int i = 1; i <= messages; i++) {
            producer.send(text(batch, i, messages), options);
        }
        producer.flush();
        ledger.write(PUBLISHED, batch, Integer.toString(messages));
    }

    private static SendOptions options(SplittableRandom random) {
        SendOptions options = SendOptions.create().priority(random.nextInt(10));
        return random.nextInt(8) == 0 ? options.delay(Duration.ofMillis(50)) : options;
    }

    /** All of a message follows from its batch and position, so that any change shows. */
    static String text(String batch, int position, int messages) {
        int padding = Math.floorMod(batch.hashCode() * 31 + position * 7919, MOST_PADDING);
        return batch + ":" + position + ":" + messages + ":" + "x".repeat(padding);
    }
}
