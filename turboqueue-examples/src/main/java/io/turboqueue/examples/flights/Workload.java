package io.turboqueue.examples.flights;

import io.turboqueue.Durability;
import io.turboqueue.QueueConfig;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run of the demo is to do: the part that its worker processes have to know.
 *
 * <p>The messages are numbered from 0, and cut into chunks of {@code batch} messages. Chunk c is sent by producer c
 * modulo {@code producers}: who sends what depends on nothing but these numbers, so that a producer can be started again
 * and continue.
 *
 * @param spool the spool's folder
 * @param messages how many messages to send, all producers together
 * @param producers how many producers share them
 * @param batch messages in a chunk, and so in a batch
 * @param durability of the queue, and of the results
 */
record Workload(Path spool, long messages, int producers, int batch, Durability durability) {

    static final String QUEUE = "flights";

    /**
     * As many as the queue allows: people kill the demo's consumers to see what happens, and a delivery that was cut
     * short says nothing about the batch. A batch that nobody can process fails the run by failing its consumers.
     */
    private static final int MAX_ATTEMPTS = 1000;

    /** The arguments of a worker process that is to take part. */
    List<String> arguments() {
        return List.of(
                spool.toString(),
                Long.toString(messages),
                Integer.toString(producers),
                Integer.toString(batch),
                durability.name());
    }

    /** The opposite of {@link #arguments()}; what follows them is left alone. */
    static Workload parse(List<String> arguments) {
        return new Workload(
                Path.of(arguments.get(0)),
                Long.parseLong(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Durability.valueOf(arguments.get(4)));
    }

    DemoFolder folder() {
        return new DemoFolder(spool);
    }

    /** How many chunks there are; the last one may be a short one. */
    long chunks() {
        return (messages + batch - 1) / batch;
    }

    SequenceRange chunk(long number) {
        return new SequenceRange(number * batch, Math.min(messages, (number + 1) * batch));
    }

    /** The number of the chunk that holds this message. */
    long chunkOf(long sequence) {
        return sequence / batch;
    }

    TurboQueue<Flight> queue(Spool open) throws IOException {
        QueueConfig config = QueueConfig.builder()
                .batchMaxMessages(batch)
                .durability(durability)
                .maxAttempts(MAX_ATTEMPTS)
                .build();
        return open.queue(QUEUE, new FlightCodec(), config);
    }
}
