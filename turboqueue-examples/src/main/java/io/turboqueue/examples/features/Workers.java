package io.turboqueue.examples.features;

import io.turboqueue.Codecs;
import io.turboqueue.QueueProducer;
import io.turboqueue.QueueWorkers;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The queue runs the threads: each of four handles batches until the workers are closed. */
public final class Workers {

    private Workers() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, Workers::run);
    }

    private static final int NUMBERS = 1_000;

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> numbers = spool.queue("numbers", Codecs.utf8());
            try (QueueProducer<String> producer = numbers.producer()) {
                for (int i = 1; i <= NUMBERS; i++) {
                    producer.send(String.valueOf(i));
                }
            }
            AtomicLong sum = new AtomicLong();
            CountDownLatch handled = new CountDownLatch(NUMBERS);
            try (QueueWorkers workers = numbers.workers(4, message -> {
                sum.addAndGet(Long.parseLong(message.payload()));
                handled.countDown();
            })) {
                handled.await();
                out.println("running: " + workers.isRunning());
            }
            out.println("sum " + sum);
        }
    }
}
