package io.turboqueue.examples.kafka;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.Spool;
import io.turboqueue.examples.kafka.Delivery.PassingException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The way out: writes the batches of the out-queue into a topic.
 *
 * <p><b>Promise without transactions: every result at least once.</b> A batch is acked only after the brokers acknowledged
 * every record of it (acks=all, idempotence). Killed before the ack, it is written again.
 *
 * <p><b>With {@code out.transactions}: exactly once</b> for consumers that read only what is committed, however often
 * workers, bridges and brokers die; see {@link TransactionalDelivery}, and {@link KafkaPipeline} for where that ends. Only
 * one process may do it.
 *
 * <p>A record that the broker refuses for itself (too large, not valid) is set aside with the broker's error in its
 * headers: it is tried again {@code queue.maxAttempts} times and then becomes a dead letter of the out-queue. A topic that
 * is missing or may not be written to refuses all records: that ends this process with a sentence. A broker that is away
 * is waited for, for as long as it takes.
 */
final class QueueToKafka {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PipelineProcess process;
    private @Nullable Delivery delivery;

    private QueueToKafka(PipelineProcess process) {
        this.process = process;
    }

    /** Runs one: {@code SETTINGS-FILE NUMBER}. */
    public static void main(String[] args) throws IOException, InterruptedException, PipelineException {
        PipelineProcess.run(args, QueueToKafka::run);
    }

    private static void run(PipelineProcess process) throws IOException, InterruptedException, PipelineException {
        if (process.settings().transactions()) {
            PipelineLock held = PipelineLock.outQueue(process.settings());
            try {
                new QueueToKafka(process).run();
            } finally {
                held.close();
            }
        } else {
            new QueueToKafka(process).run();
        }
    }

    private void run() throws IOException, InterruptedException, PipelineException {
        if (process.awaitAnswer(this::requireTopic).isEmpty()) {
            return; // a stop came before a broker did
        }
        try (Spool spool = Spool.builder(process.settings().spool())
                        .closeOnShutdown(false)
                        .open();
                QueueConsumer<byte[]> consumer = process.outQueue(spool).consumer()) {
            while (!process.stop().given()) {
                Optional<ClaimedBatch<byte[]>> claimed = consumer.poll(POLL);
                if (claimed.isPresent()) {
                    try (ClaimedBatch<byte[]> batch = claimed.get()) {
                        deliver(batch);
                    }
                } else {
                    process.progress().tellNowAndThen();
                }
            }
        } finally {
            closeDelivery();
        }
    }

    private TopicDescription requireTopic() throws IOException, PipelineException, InterruptedException {
        try (Topics topics = Topics.open(process.settings())) {
            return topics.require(process.settings().outTopic(), AclOperation.WRITE);
        }
    }

    private void deliver(ClaimedBatch<byte[]> batch) throws IOException, InterruptedException, PipelineException {
        List<Message<byte[]>> messages = new ArrayList<>(batch.size());
        batch.forEach(messages::add);
        process.progress().received(messages.size());
        Optional<Delivery.Outcome> outcome;
        try {
            outcome = deliverUntilTaken(messages);
        } catch (PipelineException notTheBatchsFault) {
            batch.release();
            throw notTheBatchsFault;
        }
        if (outcome.isEmpty()) {
            batch.release();
            return;
        }
        outcome.get().refused().forEach(batch::fail);
        batch.ack();
        process.progress().sent(outcome.get().written());
        process.progress().recognised(outcome.get().recognised());
        process.progress().failed(outcome.get().refused().size());
    }

    /** Tries for as long as it takes; empty if it is time to end. */
    private Optional<Delivery.Outcome> deliverUntilTaken(List<Message<byte[]>> messages)
            throws IOException, InterruptedException, PipelineException {
        while (!process.stop().given()) {
            try {
                Delivery.Outcome outcome = delivery().deliver(messages);
                process.progress().state("running");
                return Optional.of(outcome);
            } catch (PassingException passing) {
                closeDelivery();
                process.progress().state("waiting");
                process.log("topic \"" + process.settings().outTopic() + "\" cannot be written to, tried again: "
                        + passing.getMessage());
                awaitTopic();
            }
        }
        return Optional.empty();
    }

    /** Returns when it is worth another try. */
    private void awaitTopic() throws IOException, InterruptedException, PipelineException {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        process.awaitAnswer(this::requireTopic);
    }

    private Delivery delivery() throws IOException, PipelineException, PassingException, InterruptedException {
        Delivery open = delivery;
        if (open == null) {
            open = process.settings().transactions()
                    ? TransactionalDelivery.open(process.settings())
                    : PlainDelivery.open(process.settings());
            delivery = open;
        }
        return open;
    }

    private void closeDelivery() {
        if (delivery != null) {
            delivery.close();
            delivery = null;
        }
    }
}
