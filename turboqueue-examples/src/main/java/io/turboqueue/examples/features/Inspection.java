package io.turboqueue.examples.features;

import io.turboqueue.Codecs;
import io.turboqueue.Message;
import io.turboqueue.QueueProducer;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.inspect.QueueStats;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Looks into a queue without changing it: counts from file names, and the messages that come next. */
public final class Inspection {

    private Inspection() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, Inspection::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> tasks = spool.queue("tasks", Codecs.utf8());
            try (QueueProducer<String> producer = tasks.producer()) {
                producer.sendAll(List.of("sweep", "wash", "iron"));
                producer.send("rest", SendOptions.create().delay(Duration.ofHours(1)));
            }
            QueueStats stats = tasks.inspector().stats();
            out.println("ready: " + stats.ready().messages() + ", delayed: "
                    + stats.delayed().messages());
            for (Message<byte[]> next : tasks.inspector().peek(2)) {
                out.println("next: " + new String(next.payload(), StandardCharsets.UTF_8));
            }
        }
    }
}
