package io.turboqueue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Handles messages until its parent is gone: {@code NAME TAKES} takes that many milliseconds and is written to a log, and
 * {@code poison} ends the process as a crash does. Arguments: the spool, the queue, the log, {@code workers} or {@code
 * plain}.
 */
final class PoisonedProcess {

    static final String POISON = "poison";
    private static final int THREADS = 2;
    private static final long DEADLY_MILLIS = 50;

    private PoisonedProcess() {}

    public static void main(String[] arguments) throws Exception {
        ParentProcess.watch();
        Path log = Path.of(arguments[2]);
        try (Spool spool = Spool.builder(Path.of(arguments[0]))
                .environment(Map.of(), Map.of())
                .config(QueueConfig.builder()
                        .recoveryInterval(Duration.ofMillis(100))
                        .build())
                .open()) {
            TurboQueue<String> queue = spool.queue(arguments[1], Codecs.utf8());
            System.out.println("started");
            if (arguments[3].equals("workers")) {
                try (QueueWorkers workers = queue.workers(THREADS, message -> handle(message.payload(), log))) {
                    workers.join();
                }
            } else {
                consume(queue, log);
            }
        }
    }

    /** As it is documented for those who want to lose one message rather than a batch. */
    private static void consume(TurboQueue<String> queue, Path log) throws IOException, InterruptedException {
        try (QueueConsumer<String> consumer = queue.consumer()) {
            while (true) {
                Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ofSeconds(5));
                if (claimed.isPresent()) {
                    try (ClaimedBatch<String> batch = claimed.get()) {
                        for (Message<String> message : batch) {
                            handle(message.payload(), log);
                            batch.checkpoint();
                        }
                        batch.ack();
                    }
                }
            }
        }
    }

    private static void handle(String payload, Path log) {
        try {
            if (payload.equals(POISON)) {
                Thread.sleep(DEADLY_MILLIS);
                Runtime.getRuntime().halt(9);
            }
            Thread.sleep(Long.parseLong(payload.substring(payload.indexOf(' ') + 1)));
            Files.write(log, (payload + "\n").getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException toldToEnd) {
            Thread.currentThread().interrupt();
        }
    }
}
