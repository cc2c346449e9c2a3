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

/** A producer publishes a batch of JSON messages; a consumer claims it, handles the messages and acks. */
public final class SendAndReceive {

    private SendAndReceive() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, SendAndReceive::run);
    }

    record Order(int number, String item) {}

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<Order> orders = spool.queue("orders", Codecs.json(Order.class));
            try (QueueProducer<Order> producer = orders.producer()) {
                producer.send(new Order(1, "bread"));
                producer.send(new Order(2, "milk"));
                producer.flush(); // both are published when this returns
            }
            try (QueueConsumer<Order> consumer = orders.consumer();
                    ClaimedBatch<Order> batch =
                            consumer.poll(Duration.ofSeconds(5)).orElseThrow()) {
                for (Message<Order> message : batch) {
                    out.println(message.payload());
                }
                batch.ack(); // closing without it gives the batch back
            }
        }
    }
}
