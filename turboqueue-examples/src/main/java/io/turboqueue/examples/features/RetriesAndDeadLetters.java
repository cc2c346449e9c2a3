package io.turboqueue.examples.features;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.Message;
import io.turboqueue.QueueConfig;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One bad message does not fail its batch: it is retried alone and becomes a dead letter at the limit. After the fault is
 * repaired, redrive delivers it again.
 */
public final class RetriesAndDeadLetters {

    private RetriesAndDeadLetters() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, RetriesAndDeadLetters::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        QueueConfig twice =
                QueueConfig.builder().maxAttempts(2).retryBackoff(Duration.ZERO).build();
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> mails = spool.queue("mails", Codecs.utf8(), twice);
            try (QueueProducer<String> producer = mails.producer()) {
                producer.send("to alice");
                producer.send("to nobody");
            }
            while (mails.inspector().stats().dead().batches() == 0) {
                deliver(mails, "to nobody", out);
            }
            out.println("redriven: " + mails.redrive());
            deliver(mails, "", out); // repaired: now everything can be delivered
        }
    }

    private static void deliver(TurboQueue<String> mails, String refused, PrintStream out) throws Exception {
        try (QueueConsumer<String> consumer = mails.consumer();
                ClaimedBatch<String> batch =
                        consumer.poll(Duration.ofSeconds(5)).orElseThrow()) {
            for (Message<String> mail : batch) {
                if (mail.payload().equals(refused)) {
                    batch.fail(mail, new IllegalStateException("no such user"));
                    out.println("failed: " + mail.payload());
                } else {
                    out.println("sent: " + mail.payload());
                }
            }
            batch.ack();
        }
    }
}
