package io.turboqueue.examples.features;

import io.turboqueue.Codecs;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code sendAsync} reports when a message is published, for programs that answer somebody only then. */
public final class SendAsync {

    private SendAsync() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, SendAsync::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> clicks = spool.queue("clicks", Codecs.utf8());
            try (QueueProducer<String> producer = clicks.producer()) {
                List<CompletableFuture<?>> published = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    published.add(producer.sendAsync("click " + i));
                }
                producer.flush(); // or wait for batch.linger
                CompletableFuture.allOf(published.toArray(new CompletableFuture<?>[0]))
                        .join();
                out.println("published " + producer.publishedMessages());
            }
        }
    }
}
