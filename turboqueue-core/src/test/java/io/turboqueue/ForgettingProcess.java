package io.turboqueue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A process that opens a spool, claims and publishes, forgets all of that, and lives on: it collects its garbage at each line of its
 * standard input. Arguments: the spool, the queue.
 */
final class ForgettingProcess {

    private ForgettingProcess() {}

    public static void main(String[] arguments) throws Exception {
        WeakReference<Spool> forgotten = work(Path.of(arguments[0]), arguments[1]);
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (input.readLine() != null) {
                System.gc();
                say(forgotten.get() == null ? "collected" : "still there");
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Nothing is closed. */
    private static WeakReference<Spool> work(Path folder, String name) throws IOException, InterruptedException {
        Spool spool = Spool.builder(folder).environment(Map.of(), Map.of()).open();
        TurboQueue<String> queue = spool.queue(name, Codecs.utf8());
        QueueProducer<String> producer = queue.producer();
        producer.send("LH 400");
        producer.flush();
        ClaimedBatch<String> batch =
                queue.consumer().poll(Duration.ofSeconds(30)).orElseThrow();
        say("claimed " + batch.iterator().next().payload());
        producer.send("LH 401");
        return new WeakReference<>(spool);
    }
}
