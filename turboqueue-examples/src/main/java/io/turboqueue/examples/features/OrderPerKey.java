package io.turboqueue.examples.features;

import io.turboqueue.Codecs;
import io.turboqueue.QueueProducer;
import io.turboqueue.QueueWorkers;
import io.turboqueue.SendOptions;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.WorkerOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Many threads share the messages of a batch; those of one key are handled one after the other, in the order sent. */
public final class OrderPerKey {

    private OrderPerKey() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, OrderPerKey::run);
    }

    private static final int STEPS = 50;

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> steps = spool.queue("steps", Codecs.utf8());
            try (QueueProducer<String> producer = steps.producer()) {
                for (int step = 0; step < STEPS; step++) {
                    for (String robot : List.of("red", "blue")) {
                        producer.send(String.valueOf(step), SendOptions.create().key(robot));
                    }
                }
            }
            Map<String, List<String>> seen = new ConcurrentHashMap<>();
            CountDownLatch handled = new CountDownLatch(2 * STEPS);
            try (QueueWorkers workers = steps.workers(WorkerOptions.threads(8).orderedByKey(), step -> {
                seen.computeIfAbsent(Objects.requireNonNull(step.key()), robot -> new CopyOnWriteArrayList<>())
                        .add(step.payload());
                handled.countDown();
            })) {
                handled.await();
                out.println("running: " + workers.isRunning());
            }
            out.println("same order: " + Objects.equals(seen.get("red"), seen.get("blue")));
        }
    }
}
