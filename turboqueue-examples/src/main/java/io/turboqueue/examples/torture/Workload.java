package io.turboqueue.examples.torture;

import io.turboqueue.Codecs;
import io.turboqueue.QueueConfig;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What all processes of a run have in common.
 *
 * @param engine {@code pages} or {@code jdbc}
 * @param durability {@code process} or {@code power}
 * @param queues their names
 * @param mostMessages in a batch
 * @param lease a queue among them with a {@code delivery.maxProcessingTime}; empty for none
 */
record Workload(String engine, String durability, List<String> queues, int mostMessages, String lease) {

    private static final Duration LEASE = Duration.ofMillis(400);

    static Workload of(String engine) {
        return new Workload(engine, "process", List.of("flights", "flights.by-route"), 40, "");
    }

    Workload durability(String other) {
        return new Workload(engine, other, queues, mostMessages, lease);
    }

    Workload batches(int messages) {
        return new Workload(engine, durability, queues, messages, lease);
    }

    Workload leasing(String queue) {
        return new Workload(engine, durability, queues, mostMessages, queue);
    }

    /** The settings of the spool: everything that takes time is short. */
    QueueConfig config() {
        return QueueConfig.builder()
                .set("engine", engine)
                .set("durability", durability)
                .recoveryInterval(Duration.ofMillis(200))
                .retryBackoff(Duration.ofMillis(20))
                .maxAttempts(1000)
                .maxReadyBatches(100)
                .build();
    }

    /** A queue of it. A batch is published by a flush alone, never in parts because its producer was slow. */
    TurboQueue<String> queue(Spool spool, String name) throws IOException {
        return queue(spool, name, Duration.ofHours(1));
    }

    /** The same for delayed messages: a delay is rounded up to the linger time. */
    TurboQueue<String> delayed(Spool spool, String name) throws IOException {
        return queue(spool, name, Duration.ofMillis(50));
    }

    private TurboQueue<String> queue(Spool spool, String name, Duration linger) throws IOException {
        QueueConfig.Builder own = QueueConfig.builder().batchLinger(linger);
        if (name.equals(lease)) {
            own.maxProcessingTime(LEASE);
        }
        return spool.queue(name, Codecs.utf8(), own.build());
    }

    /** The same as a process's arguments. */
    List<String> arguments() {
        return List.of(engine, durability, String.join(",", queues), Integer.toString(mostMessages), lease);
    }

    static Workload parse(List<String> arguments) {
        return new Workload(
                arguments.get(0),
                arguments.get(1),
                List.of(arguments.get(2).split(",", -1)),
                Integer.parseInt(arguments.get(3)),
                arguments.get(4));
    }
}
