package io.turboqueue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A child process with a wall clock of its own, which it is asked to set. It answers each line: {@code set SECONDS}, {@code
 * send DELAY-MILLIS TEXT}, {@code nack TEXT}, {@code poll SECONDS}.
 */
final class ClockedProcess {

    private static long setByMillis;

    private ClockedProcess() {}

    /** Arguments: the spool, and by how many seconds the clock is set at the start. */
    public static void main(String[] arguments) throws Exception {
        InstantSource clock = () -> Instant.now().plusMillis(setByMillis);
        setByMillis = Long.parseLong(arguments[1]) * 1000;
        QueueConfig config = TestSpool.config("batch.linger=1ms", "delivery.retryBackoff=1s");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                Spool spool = Spool.builder(Path.of(arguments[0])).clock(clock).open()) {
            TurboQueue<String> queue = spool.queue("q", Codecs.utf8(), config);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(answer(queue, line.split(" ")));
            }
        }
    }

    private static String answer(TurboQueue<String> queue, String[] words) throws Exception {
        switch (words[0]) {
            case "set" -> {
                setByMillis = Long.parseLong(words[1]) * 1000;
                return "set";
            }
            case "send" -> {
                try (QueueProducer<String> producer = queue.producer()) {
                    producer.send(words[2], SendOptions.create().delay(Duration.ofMillis(Long.parseLong(words[1]))));
                }
                return "sent";
            }
            case "nack" -> {
                TestSpool.publish(queue, words[1]);
                try (QueueConsumer<String> consumer = queue.consumer()) {
                    TestSpool.claim(consumer).nack();
                }
                return "given back";
            }
            default -> {
                return poll(queue, Duration.ofSeconds(Long.parseLong(words[1])));
            }
        }
    }

    private static String poll(TurboQueue<String> queue, Duration timeout) throws Exception {
        try (QueueConsumer<String> consumer = queue.consumer()) {
            Optional<ClaimedBatch<String>> claimed = consumer.poll(timeout);
            if (claimed.isEmpty()) {
                return "nothing";
            }
            try (ClaimedBatch<String> batch = claimed.get()) {
                String payload = TestSpool.payloads(batch).get(0);
                batch.ack();
                return payload;
            }
        }
    }
}
