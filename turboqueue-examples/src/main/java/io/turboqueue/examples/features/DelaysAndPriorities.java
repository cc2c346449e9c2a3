package io.turboqueue.examples.features;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/** Urgent messages come first, delayed ones not before their time. */
public final class DelaysAndPriorities {

    private DelaysAndPriorities() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, DelaysAndPriorities::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> jobs = spool.queue("jobs", Codecs.utf8());
            try (QueueProducer<String> producer = jobs.producer()) {
                producer.send("in an instant", SendOptions.create().delay(Duration.ofMillis(300)));
                producer.send("usual");
                producer.send("urgent", SendOptions.create().priority(0));
            }
            try (QueueConsumer<String> consumer = jobs.consumer()) {
                for (int i = 0; i < 3; i++) {
                    try (ClaimedBatch<String> batch = consumer.take()) {
                        for (Message<String> job : batch) {
                            out.println(job.payload());
                        }
                        batch.ack();
                    }
                }
            }
        }
    }
}
