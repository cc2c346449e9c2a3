package io.turboqueue.examples.features;

import io.turboqueue.ClaimedMessage;
import io.turboqueue.Codecs;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/** A message at a time, each with an ack of its own, for programs that do not think in batches. */
public final class OneMessageAtATime {

    private OneMessageAtATime() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, OneMessageAtATime::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> letters = spool.queue("letters", Codecs.utf8());
            try (QueueProducer<String> producer = letters.producer()) {
                producer.send("a");
                producer.send("b");
            }
            try (QueueConsumer<String> consumer = letters.consumer()) {
                for (int i = 0; i < 2; i++) {
                    try (ClaimedMessage<String> letter =
                            consumer.pollMessage(Duration.ofSeconds(5)).orElseThrow()) {
                        out.println(letter.payload());
                        letter.ack();
                    }
                }
            }
        }
    }
}
