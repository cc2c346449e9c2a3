package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Any mix of steps without a crash handles every message exactly once. */
class RandomLifeTest {

    private static final int STEPS = 150;

    @TempDir
    Path temp;

    private final Random random = new Random();
    private final List<String> sent = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<ClaimedBatch<String>> open = new ArrayList<>();

    @RepeatedTest(12)
    void everyMessageIsDoneExactlyOnce(RepetitionInfo repetition) throws Exception {
        long seed = System.nanoTime() + repetition.getCurrentRepetition();
        random.setSeed(seed);
        try (TestSpool spool = new TestSpool(temp)) {
            TurboQueue<String> queue =
                    spool.queue("batch.maxMessages=5", "delivery.maxAttempts=3", "delivery.retryBackoff=1s");
            QueueProducer<String> producer = queue.producer();
            QueueConsumer<String> consumer = queue.consumer();
            for (int i = 0; i < STEPS; i++) {
                step(spool, queue, producer, consumer);
            }
            producer.close();
            for (ClaimedBatch<String> batch : open) {
                batch.nack(Duration.ZERO);
            }
            finish(spool, queue, consumer);

            assertThat(done).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(sent);
            assertThat(spool.files().onOwners()).as("seed %d", seed).isEmpty();
            assertThat(queue.inspector().stats().foreign()).as("seed %d", seed).isZero();
        }
    }

    private void step(
            TestSpool spool, TurboQueue<String> queue, QueueProducer<String> producer, QueueConsumer<String> consumer)
            throws Exception {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> send(producer);
            case 4 -> producer.flush();
            case 5 -> {
                spool.time().advance(Duration.ofMillis(random.nextInt(3000)));
                spool.runLinger();
            }
            case 6 -> queue.redrive();
            case 7, 8 -> consumer.poll(Duration.ZERO).ifPresent(open::add);
            default -> {
                if (!open.isEmpty()) {
                    settle(open.remove(random.nextInt(open.size())));
                }
            }
        }
    }

    private void send(QueueProducer<String> producer) throws Exception {
        String message = "message " + sent.size();
        SendOptions options = SendOptions.create().priority(random.nextInt(10));
        producer.send(
                message, random.nextInt(3) > 0 ? options : options.delay(Duration.ofMillis(random.nextInt(5000))));
        sent.add(message);
    }

    private void settle(ClaimedBatch<String> batch) throws IOException {
        List<String> handled = new ArrayList<>();
        int stopAfter = random.nextInt(2 * batch.size());
        for (Message<String> message : batch) {
            if (random.nextInt(4) == 0) {
                batch.fail(message, new IOException("no"));
            } else {
                handled.add(message.payload());
            }
            if (random.nextInt(4) == 0) {
                batch.checkpoint();
                done.addAll(handled);
                handled.clear();
            }
            stopAfter--;
            if (stopAfter == 0) {
                requeue(batch);
                return;
            }
        }
        batch.ack();
        done.addAll(handled);
    }

    private void requeue(ClaimedBatch<String> batch) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> batch.close();
            case 1 -> batch.nack(Duration.ZERO);
            case 2 -> batch.nack(Duration.ofSeconds(random.nextInt(5)));
            default -> batch.deadLetter("random");
        }
    }

    /** Nothing fails any more: what is left is done. */
    private void finish(TestSpool spool, TurboQueue<String> queue, QueueConsumer<String> consumer) throws Exception {
        int empty = 0;
        while (empty < 2) {
            spool.time().advance(Duration.ofHours(3));
            queue.redrive();
            Optional<ClaimedBatch<String>> claimed = consumer.poll(Duration.ZERO);
            empty = claimed.isPresent() ? 0 : empty + 1;
            if (claimed.isPresent()) {
                done.addAll(TestSpool.payloads(claimed.get()));
                claimed.get().ack();
            }
        }
    }
}
