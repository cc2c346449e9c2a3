package io.turboqueue.examples.torture;

import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Publishes batches, and writes down what it is about to publish and what it has published. */
final class ProducerJob implements Job {

    private static final int DELAYED_EVERY = 8;
    private static final Duration DELAY = Duration.ofMillis(50);
    private static final long RETRY_MILLIS = 10;

    private final Assignment assignment;
    private final HistoryFile ledger;
    private final SplittableRandom random;
    private final List<QueueProducer<String>> producers = new ArrayList<>();
    private final List<QueueProducer<String>> delaying = new ArrayList<>();
    private int batches;

    ProducerJob(Assignment assignment, Spool spool, HistoryFile ledger) throws IOException {
        this.assignment = assignment;
        this.ledger = ledger;
        this.random = new SplittableRandom(assignment.seed());
        for (String queue : assignment.workload().queues()) {
            producers.add(assignment.workload().queue(spool, queue).producer());
            delaying.add(assignment.workload().delayed(spool, queue).producer());
        }
    }

    /** A delayed batch has one message: two of them might come due at different times and so part. */
    @Override
    public void runOnce() throws IOException, InterruptedException {
        int queue = random.nextInt(producers.size());
        SendOptions options = SendOptions.create().priority(random.nextInt(10));
        if (random.nextInt(DELAYED_EVERY) == 0) {
            publish(delaying.get(queue), 1, options.delay(DELAY));
        } else {
            publish(
                    producers.get(queue),
                    1 + random.nextInt(assignment.workload().mostMessages()),
                    options);
        }
    }

    private void publish(QueueProducer<String> producer, int messages, SendOptions options)
            throws IOException, InterruptedException {
        String label = assignment.name() + "-" + ++batches;
        ledger.write(Entry.INTENDED, label, messages);
        for (int position = 1; position <= messages; position++) {
            String text = Payload.text(label, position, messages);
            insist(label, messages, () -> producer.send(text, options));
        }
        insist(label, messages, producer::flush);
        ledger.write(Entry.PUBLISHED, label, messages);
    }

    private interface Call {
        void run() throws IOException, InterruptedException;
    }

    /** A full or failing disk: what was sent is still buffered, what was not is sent again. */
    private void insist(String label, int messages, Call call) throws IOException, InterruptedException {
        boolean done = false;
        while (!done) {
            try {
                call.run();
                done = true;
            } catch (IOException failed) {
                ledger.write(Entry.UNCERTAIN, label, messages, failed);
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (QueueProducer<String> producer : producers) {
            producer.close();
        }
        for (QueueProducer<String> producer : delaying) {
            producer.close();
        }
    }
}
