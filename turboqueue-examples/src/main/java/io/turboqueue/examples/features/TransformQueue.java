package io.turboqueue.examples.features;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * From one queue into another. The results are published before the batch is acked, so a crash in between repeats the work and
 * loses nothing.
 */
public final class TransformQueue {

    private TransformQueue() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, TransformQueue::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> words = spool.queue("words", Codecs.utf8());
            TurboQueue<String> loud = spool.queue("loud", Codecs.utf8());
            try (QueueProducer<String> producer = words.producer()) {
                producer.send("hello");
                producer.send("world");
            }
            try (QueueConsumer<String> consumer = words.consumer();
                    QueueProducer<String> producer = loud.producer();
                    ClaimedBatch<String> batch =
                            consumer.poll(Duration.ofSeconds(5)).orElseThrow()) {
                for (Message<String> word : batch) {
                    producer.send(word.payload().toUpperCase(Locale.ROOT));
                }
                producer.flush();
                batch.ack();
            }
            try (QueueConsumer<String> consumer = loud.consumer();
                    ClaimedBatch<String> batch =
                            consumer.poll(Duration.ofSeconds(5)).orElseThrow()) {
                batch.forEach(word -> out.println(word.payload()));
                batch.ack();
            }
        }
    }
}
