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

/** A long batch records how far it came: the next delivery starts after the checkpoint, whoever gets it. */
public final class Checkpoints {

    private Checkpoints() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, Checkpoints::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> films = spool.queue("films", Codecs.utf8());
            try (QueueProducer<String> producer = films.producer()) {
                for (int i = 1; i <= 4; i++) {
                    producer.send("film " + i);
                }
            }
            try (QueueConsumer<String> consumer = films.consumer()) {
                try (ClaimedBatch<String> batch =
                        consumer.poll(Duration.ofSeconds(5)).orElseThrow()) {
                    int done = 0;
                    for (Message<String> film : batch) {
                        out.println("converted " + film.payload());
                        batch.checkpoint();
                        if (++done == 2) {
                            break; // the host needs a rest
                        }
                    }
                    batch.release();
                }
                try (ClaimedBatch<String> rest =
                        consumer.poll(Duration.ofSeconds(5)).orElseThrow()) {
                    rest.forEach(film -> out.println("then " + film.payload()));
                    rest.ack();
                }
            }
        }
    }
}
