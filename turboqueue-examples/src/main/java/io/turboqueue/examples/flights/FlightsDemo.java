package io.turboqueue.examples.flights;

import io.turboqueue.Codecs;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.examples.InterruptOnShutdown;
import io.turboqueue.examples.ProcessGroup;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The demo's main class: producers send real flights through a queue, consumers add them up in a database, both in
 * processes of their own, and at the end the totals must be those of a plain pass over the same flights.
 *
 * <p>What it is made of, from the outside in: {@link DemoOptions} are its flags, {@link DemoRun} is one run over the
 * processes {@link FlightProducer} and {@link FlightConsumer}, {@link Results} is where they end up and why each flight
 * counts once, {@link Workload} says who sends what.
 */
public final class FlightsDemo {

    private static final int VERIFIED = 0;
    private static final int FAILED = 1;
    private static final int BAD_FLAG = 2;
    private static final int INTERRUPTED = 130;
    private static final String SAMPLE_QUEUE = "flights.sample";
    private static final int SAMPLE_MESSAGES = 100;
    private static final Duration PATIENCE_TO_STOP = Duration.ofSeconds(20);
    private static final Duration CHAOS_PAUSE = Duration.ofSeconds(1);

    private final DemoOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final Consumer<ProcessGroup> onStart;

    private FlightsDemo(DemoOptions options, PrintStream out, PrintStream err, Consumer<ProcessGroup> onStart) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.onStart = onStart;
    }

    /** Runs the demo; see {@code scripts/demo --help}. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err, group -> {}));
    }

    /**
     * Runs the demo.
     *
     * @param out gets the report, or the line of JSON
     * @param err gets everything else
     * @param onStart gets the worker processes once they were started
     * @return the exit status
     */
    static int run(String[] args, PrintStream out, PrintStream err, Consumer<ProcessGroup> onStart) {
        DemoOptions options = new DemoOptions();
        CommandLine commandLine = new CommandLine(options);
        try {
            commandLine.parseArgs(args);
        } catch (ParameterException refused) {
            err.println("demo: " + refused.getMessage());
            return BAD_FLAG;
        }
        if (options.help()) {
            commandLine.usage(out);
            return VERIFIED;
        }
        return new FlightsDemo(options, out, err, onStart).run();
    }

    private int run() {
        InterruptOnShutdown shutdown = InterruptOnShutdown.open(PATIENCE_TO_STOP);
        try {
            return runInFolder();
        } catch (InterruptedException interrupted) {
            err.println("demo: interrupted");
            return INTERRUPTED;
        } catch (DemoFailedException failed) {
            err.println("demo: " + failed.getMessage());
            return FAILED;
        } catch (IOException | SQLException failed) {
            err.println("demo: " + failed);
            return FAILED;
        } finally {
            shutdown.close();
        }
    }

    private int runInFolder() throws IOException, SQLException, InterruptedException, DemoFailedException {
        Path spool =
                options.spool().isPresent() ? options.spool().get() : Files.createTempDirectory("turboqueue-demo-");
        boolean folderWasThere = options.spool().isPresent() && Files.exists(spool);
        Workload workload =
                new Workload(spool, options.messages(), options.producers(), options.batch(), options.durability());
        try (Chaos chaos = new Chaos(CHAOS_PAUSE)) {
            LiveView view = new LiveView(err, Integer.getInteger("demo.columns", 0), System::nanoTime);
            Outcome outcome = new DemoRun(workload, options.consumers(), view, group -> started(group, chaos)).run();
            report(outcome);
            return outcome.verification().equal() ? VERIFIED : FAILED;
        } finally {
            if (options.keep()) {
                workload.folder().deleteNativeLibraries();
            } else {
                workload.folder().deleteContents();
                if (!folderWasThere) {
                    Files.deleteIfExists(spool);
                }
            }
        }
    }

    private void started(ProcessGroup group, Chaos chaos) {
        onStart.accept(group);
        if (options.chaos()) {
            chaos.reign(group);
        }
    }

    private void report(Outcome outcome) throws IOException, InterruptedException {
        PrintStream people = options.json() ? err : out;
        DemoFolder folder = outcome.workload().folder();
        Report.worstRoutes(outcome).forEach(people::println);
        people.println();
        Report.summary(outcome).forEach(people::println);
        if (options.keep()) {
            people.println();
            people.println("Kept in " + folder.spool() + ". To look into it:");
            Report.commands(folder.results(), publishSample(folder.spool())).forEach(people::println);
        }
        if (options.json()) {
            out.println(outcome.json());
        }
    }

    /** The queue of the run is empty by now, so that there is a batch file to open, this publishes one to another. */
    private static Path publishSample(Path folder) throws IOException, InterruptedException {
        Flights flights = Flights.load();
        try (Spool spool = Spool.open(folder);
                QueueProducer<Flight> producer =
                        spool.queue(SAMPLE_QUEUE, Codecs.json(Flight.class)).producer()) {
            for (int sequence = 0; sequence < SAMPLE_MESSAGES; sequence++) {
                producer.send(flights.at(sequence));
            }
            producer.flush();
        }
        try (Stream<Path> batches = Files.list(folder.resolve(SAMPLE_QUEUE).resolve("ready"))) {
            return batches.findFirst().orElseThrow();
        }
    }
}
