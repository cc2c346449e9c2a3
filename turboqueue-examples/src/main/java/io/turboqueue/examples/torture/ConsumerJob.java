package io.turboqueue.examples.torture;

import io.turboqueue.ClaimLostException;
import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * Consumes batches: acks most, nacks some, checkpoints now and then, and writes down what it was delivered before it says
 * so, and what it has acked after that.
 */
class ConsumerJob implements Job {

    private static final Duration POLL = Duration.ofMillis(5);
    private static final int NACK_EVERY = 12;
    private static final int CHECKPOINT_EVERY = 6;
    private static final int SLOW_EVERY = 10;
    private static final long RETRY_MILLIS = 10;
    private static final int MAX_TRIES = 500;

    private final Assignment assignment;
    private final HistoryFile ledger;
    private final SplittableRandom random;
    private final List<QueueConsumer<String>> consumers = new ArrayList<>();

    ConsumerJob(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
        this.assignment = assignment;
        this.ledger = ledger;
        this.random = new SplittableRandom(assignment.seed());
        for (String queue : assignment.workload().queues()) {
            consumers.add(assignment.workload().queue(spool, queue).consumer());
        }
    }

    @Override
    public void runOnce() throws IOException, InterruptedException {
        int chosen = random.nextInt(consumers.size());
        Optional<ClaimedBatch<String>> claimed = poll(consumers.get(chosen));
        if (claimed.isPresent()) {
            try (ClaimedBatch<String> batch = claimed.get()) {
                handle(batch);
            } catch (ClaimLostException late) {
                fenced(chosen, claimed.get());
            }
        }
    }

    /** A failing disk may work again the next time. */
    private Optional<ClaimedBatch<String>> poll(QueueConsumer<String> consumer) throws InterruptedException {
        try {
            return consumer.poll(POLL);
        } catch (IOException failed) {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            return Optional.empty();
        }
    }

    private void fenced(int queue, ClaimedBatch<String> batch) throws IOException {
        ledger.write(Entry.FENCED, assignment.workload().queues().get(queue), batch.id(), batch.attempt());
    }

    /** Works on a batch, and ends it. */
    protected void handle(ClaimedBatch<String> batch) throws IOException, InterruptedException {
        work(batch);
        finish(batch);
    }

    /** Reads all of it and writes that down. */
    protected final void work(ClaimedBatch<String> batch) throws IOException, InterruptedException {
        int stop = random.nextInt(CHECKPOINT_EVERY) == 0 ? random.nextInt(batch.size()) : 0;
        List<String> payloads = new ArrayList<>();
        Iterator<Message<String>> messages = batch.iterator();
        while (messages.hasNext()) {
            insist(() -> payloads.add(next(messages)));
            if (payloads.size() == stop) {
                note(Entry.CHECKPOINT, batch, payloads);
                payloads.clear();
                stop = 0;
                insist(batch::checkpoint);
            }
        }
        if (random.nextInt(SLOW_EVERY) == 0) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
        }
        note(Entry.DELIVERED, batch, payloads);
    }

    /** Beginning a message may write to the disk; if that fails, the iterator stays where it is. */
    private static String next(Iterator<Message<String>> messages) throws IOException {
        try {
            return messages.next().payload();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /** Acks it, or not. */
    protected final void finish(ClaimedBatch<String> batch) throws IOException, InterruptedException {
        if (random.nextInt(NACK_EVERY) == 0) {
            Duration delay = Duration.ofMillis(random.nextInt(3) * 20L);
            insist(() -> batch.nack(delay));
        } else {
            ack(batch);
        }
    }

    /** Acks it and writes that down. */
    protected final void ack(ClaimedBatch<String> batch) throws IOException, InterruptedException {
        insist(batch::ack);
        ledger.write(Entry.ACKED, batch.id(), batch.attempt());
    }

    private interface Call {
        void run() throws IOException;
    }

    /** On a full or failing disk the batch is still claimed. */
    private static void insist(Call call) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                call.run();
                return;
            } catch (ClaimLostException lost) {
                throw lost;
            } catch (IOException failed) {
                if (tries == MAX_TRIES) {
                    throw failed;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    /** Writes down what was delivered. */
    protected final void note(Entry entry, ClaimedBatch<String> batch, List<String> payloads) throws IOException {
        String[] parts = payloads.get(0).split(":", -1);
        if (parts.length != 4 || !parts[1].matches("[0-9]{1,9}") || !parts[2].matches("[0-9]{1,9}")) {
            ledger.write(Entry.WRONG, batch.id(), batch.attempt(), "first message is", payloads.get(0));
            return;
        }
        int first = Integer.parseInt(parts[1]);
        CRC32 crc = new CRC32();
        payloads.forEach(payload -> crc.update(payload.getBytes(StandardCharsets.UTF_8)));
        ledger.write(
                entry,
                batch.id(),
                batch.attempt(),
                parts[0],
                first,
                first + payloads.size() - 1,
                parts[2],
                Long.toHexString(crc.getValue()));
    }

    @Override
    public final void close() {
        consumers.forEach(QueueConsumer::close);
    }
}
