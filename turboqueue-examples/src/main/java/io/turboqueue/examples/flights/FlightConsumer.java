package io.turboqueue.examples.flights;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.Spool;
import io.turboqueue.examples.StopSignal;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A consumer process of the demo: adds up the flights of each batch and records the result, until it is stopped.
 *
 * <p><b>It may be killed at any time and started again.</b> A batch is acknowledged after it was recorded. Killed in
 * between, or before, its batch comes back to the queue by itself and is delivered again, to this consumer or another
 * one; {@link Results} counts it once.
 */
final class FlightConsumer {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Workload workload;
    private final StopSignal stop;
    private final ProgressReport report;

    private FlightConsumer(Workload workload, StopSignal stop, ProgressReport report) {
        this.workload = workload;
        this.stop = stop;
        this.report = report;
    }

    /**
     * Runs one.
     *
     * @param args a {@link Workload}
     */
    public static void main(String[] args) throws Exception {
        Workload workload = Workload.parse(List.of(args));
        StopSignal stop = StopSignal.listenFor(Thread.currentThread(), PATIENCE);
        new FlightConsumer(workload, stop, new ProgressReport(System.out, System::nanoTime)).run();
    }

    private void run() throws IOException, InterruptedException, SQLException {
        Airports airports = Airports.load();
        try (Results results = Results.open(workload, airports);
                Spool spool =
                        Spool.builder(workload.spool()).closeOnShutdown(false).open();
                QueueConsumer<Flight> consumer = workload.queue(spool).consumer()) {
            while (!stop.given()) {
                Optional<ClaimedBatch<Flight>> claimed = consumer.poll(POLL);
                if (claimed.isPresent()) {
                    consume(claimed.get(), results, airports);
                } else {
                    report.tell();
                }
            }
        }
    }

    private void consume(ClaimedBatch<Flight> claimed, Results results, Airports airports)
            throws IOException, SQLException {
        try (ClaimedBatch<Flight> batch = claimed) {
            int size = batch.size();
            report.add(Step.CLAIMED, size);
            results.record(FlightBatch.of(batch.id(), flights(batch), airports));
            batch.ack();
            report.add(Step.ACKED, size);
        }
    }

    private static List<Flight> flights(ClaimedBatch<Flight> batch) {
        List<Flight> flights = new ArrayList<>(batch.size());
        for (Message<Flight> message : batch) {
            flights.add(message.payload());
        }
        return flights;
    }
}
