package io.turboqueue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Consumes batches of queues until its input ends: acks, nacks, checkpoints, fails single messages, and writes to a ledger
 * what it was delivered and what it has acked. Arguments: the spool, the ledger, a seed, the queues.
 */
final class TortureConsumer {

    /** After handling a batch: id, attempt, the producer's name of it, first position, last, how many it had. */
    static final String DELIVERED = "D";
    /** The same before a checkpoint. */
    static final String PART = "C";
    /** After an ack returned: id, attempt. */
    static final String ACKED = "K";
    /** Instead of a delivery: what is wrong with it. */
    static final String WRONG = "W";

    private TortureConsumer() {}

    public static void main(String[] arguments) throws Exception {
        ParentProcess.watch();
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[2]));
        QueueConfig config = QueueConfig.builder()
                .recoveryInterval(Duration.ofMillis(200))
                .retryBackoff(Duration.ofMillis(20))
                .maxAttempts(1000)
                .build();
        List<QueueConsumer<String>> consumers = new ArrayList<>();
        try (LedgerFile ledger = LedgerFile.open(Path.of(arguments[1]));
                Spool spool =
                        Spool.builder(Path.of(arguments[0])).config(config).open()) {
            for (String queue : List.of(arguments).subList(3, arguments.length)) {
                consumers.add(spool.queue(queue, Codecs.utf8()).consumer());
            }
            while (ParentProcess.isThere()) {
                Optional<ClaimedBatch<String>> claimed =
                        consumers.get(random.nextInt(consumers.size())).poll(Duration.ofMillis(5));
                if (claimed.isPresent()) {
                    try (ClaimedBatch<String> batch = claimed.get()) {
                        handle(batch, ledger, random);
                    }
                }
            }
        }
    }

    private static void handle(ClaimedBatch<String> batch, LedgerFile ledger, SplittableRandom random)
            throws IOException {
        List<Message<String>> messages = new ArrayList<>();
        for (Message<String> message : batch) {
            messages.add(message);
            if (random.nextInt(40) == 0) {
                note(PART, batch, messages, ledger);
                batch.checkpoint();
            }
        }
        note(DELIVERED, batch, messages, ledger);
        if (random.nextInt(10) == 0) {
            batch.nack(Duration.ofMillis(random.nextInt(3) * 20L));
            return;
        }
        batch.ack();
        ledger.write(ACKED, batch.id(), Integer.toString(batch.attempt()));
    }

    /** A batch holds messages in the order sent: all, unless delays that ended in different seconds parted them. */
    private static void note(String what, ClaimedBatch<String> batch, List<Message<String>> messages, LedgerFile ledger)
            throws IOException {
        String[] parts = messages.get(0).payload().split(":", -1);
        int first = Integer.parseInt(parts[1]);
        int total = Integer.parseInt(parts[2]);
        int position = first;
        for (Message<String> message : messages) {
            if (!message.payload().equals(TortureProducer.text(parts[0], position, total))) {
                ledger.write(WRONG, batch.toString(), message.toString());
                return;
            }
            position++;
        }
        ledger.write(
                what,
                batch.id(),
                Integer.toString(batch.attempt()),
                parts[0],
                Integer.toString(first),
                Integer.toString(position - 1),
                parts[2]);
    }
}
