package io.turboqueue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process that claims and acks all batches of a queue as fast as it can once it is asked to. Arguments: the spool, the
 * queue, a file for the ids and attempts of what it was delivered.
 */
final class RacingProcess {

    private RacingProcess() {}

    public static void main(String[] arguments) throws Exception {
        List<String> delivered = new ArrayList<>();
        try (Spool spool = Spool.open(Path.of(arguments[0]));
                QueueConsumer<byte[]> consumer = spool.queue(arguments[1]).consumer()) {
            System.out.println("ready");
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            Optional<ClaimedBatch<byte[]>> claimed = consumer.poll(Duration.ZERO);
            while (claimed.isPresent()) {
                try (ClaimedBatch<byte[]> batch = claimed.get()) {
                    delivered.add(batch.id() + " " + batch.attempt() + " " + batch.size());
                    batch.ack();
                }
                claimed = consumer.poll(Duration.ZERO);
            }
            Files.write(Path.of(arguments[2]), delivered);
            System.out.println("lost races: " + consumer.claimConflicts());
        }
    }
}
