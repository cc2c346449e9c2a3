package io.turboqueue.examples.flights;

import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.examples.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A producer process of the demo: sends its share of the flights and exits with 0.
 *
 * <p><b>It may be killed at any time and started again.</b> It sends chunk by chunk, flushes after each, and then notes
 * the chunk in its {@link ProducerProgress}. Started again, it continues after the last chunk noted. The chunk at hand
 * when it was killed is sent again, whether or not it had been published: nothing is lost, and what comes twice is for
 * {@link Results} to notice.
 */
final class FlightProducer {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Workload workload;
    private final int number;
    private final StopSignal stop;
    private final ProgressReport report;

    private FlightProducer(Workload workload, int number, StopSignal stop, ProgressReport report) {
        this.workload = workload;
        this.number = number;
        this.stop = stop;
        this.report = report;
    }

    /**
     * Runs one.
     *
     * @param args a {@link Workload}, and which of its producers this is
     */
    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        Workload workload = Workload.parse(arguments);
        int number = Integer.parseInt(arguments.get(arguments.size() - 1));
        StopSignal stop = StopSignal.listenFor(Thread.currentThread(), PATIENCE);
        new FlightProducer(workload, number, stop, new ProgressReport(System.out, System::nanoTime)).run();
    }

    private void run() throws IOException, InterruptedException {
        Flights flights = Flights.load();
        try (ProducerProgress progress = ProducerProgress.open(workload.folder().progress(number));
                Spool spool =
                        Spool.builder(workload.spool()).closeOnShutdown(false).open();
                QueueProducer<Flight> producer = workload.queue(spool).producer()) {
            long chunk = progress.last().isPresent() ? progress.last().getAsLong() + workload.producers() : number;
            report.ready(Step.PUBLISHED);
            while (chunk < workload.chunks() && !stop.given()) {
                SequenceRange range = workload.chunk(chunk);
                send(producer, flights, range);
                progress.published(chunk);
                report.add(Step.PUBLISHED, range.length());
                chunk += workload.producers();
            }
        }
        report.tell();
    }

    private static void send(QueueProducer<Flight> producer, Flights flights, SequenceRange range)
            throws IOException, InterruptedException {
        for (long sequence = range.first(); sequence < range.next(); sequence++) {
            producer.send(flights.at(sequence));
        }
        producer.flush();
    }
}
