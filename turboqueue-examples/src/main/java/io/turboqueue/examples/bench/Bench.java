package io.turboqueue.examples.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the queue against the file system and against its peers, in one run. Prints a table and leaves
 * {@code results.json} and plots in the output folder. Nothing else should run meanwhile.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures TurboQueue against the file system and against its peers.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured, whether targets were met or not", "1:something failed", "2:wrong usage"})
public final class Bench implements Callable<Integer> {

    @Option(names = "--quick", description = "Fewer and shorter rounds: under 90 seconds instead of 11 minutes.")
    private boolean quick;

    @Option(names = "--json", description = "Print the results document as the last line.")
    private boolean json;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where the queues are, so which file system is measured. Default: a temporary folder.")
    private @Nullable Path folder;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            defaultValue = "${sys:bench.output:-target/bench}",
            description = "Where results.json and the plots go. Default: ${DEFAULT-VALUE}")
    private Path output = Path.of("target", "bench");

    private final PrintStream out;
    private final @Nullable Plan plan;

    /** The command as run from the command line. */
    public Bench() {
        this(System.out, null);
    }

    /** With a plan of the caller's instead of the one that the options ask for. */
    Bench(PrintStream out, @Nullable Plan plan) {
        this.out = out;
        this.plan = plan;
    }

    /** Runs every measurement in turn. */
    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true"); // the plots need no screen
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Plan chosen = plan == null ? (quick ? Plan.QUICK : Plan.FULL) : plan;
        Path work = folder == null
                ? Files.createTempDirectory("turboqueue-bench")
                : Files.createTempDirectory(Files.createDirectories(folder), "turboqueue-bench");
        Report report = new Report();
        try {
            circumstances(report, chosen, work);
            measure(report, chosen, work);
        } finally {
            deleteAll(work);
        }
        publish(report);
        return CommandLine.ExitCode.OK;
    }

    private static void circumstances(Report report, Plan plan, Path work) throws IOException {
        report.circumstance("time", Instant.now().toString());
        report.circumstance("machine", Machine.here());
        report.circumstance("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        report.circumstance("fileSystem", Files.getFileStore(work).type());
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("plan", plan);
        settings.put("jvmFlags", SubjectProcess.JVM_FLAGS);
        settings.put("chronicleFlags", ChronicleSubject.JVM_FLAGS);
        settings.put("durability", "PROCESS");
        settings.put("timing", "one JVM and one thread a contestant, rounds in turn, medians of rounds");
        settings.put("floorBytes", "as many as the pages engine's file of the same batch");
        report.circumstance("settings", settings);
    }

    private void measure(Report report, Plan plan, Path work) throws Exception {
        try (Benchmark contest = new Benchmark(work)) {
            run(report, new PeerSection(contest, plan));
            run(report, new WorkloadSection(contest, plan));
            run(report, new PowerSection(contest, plan));
        }
        run(report, new ProcessesSection(work, plan));
        run(report, new ClaimSection(work, plan));
        run(report, new WakeUpSection(work, plan));
        run(report, new IdleProducersSection(work));
    }

    private static void run(Report report, Section section) throws Exception {
        long start = System.nanoTime();
        section.run(report);
        System.err.printf("%s: %.1f s%n", section.getClass().getSimpleName(), (System.nanoTime() - start) / 1e9);
    }

    private void publish(Report report) throws IOException {
        report.print(out);
        Files.createDirectories(output);
        Files.writeString(output.resolve("results.json"), report.json() + "\n");
        Plots plots = new Plots(output, report);
        plots.draw("peers", "Messages a second, " + PeerSection.GROUP, writeAndRead(PeerSection.GROUP));
        plots.draw("batches", "Messages a second, " + WorkloadSection.BATCHES, writeAndRead(WorkloadSection.BATCHES));
        plots.draw("sizes", "Messages a second, " + WorkloadSection.SIZES, writeAndRead(WorkloadSection.SIZES));
        plots.draw(
                "consumers", "Messages a second, " + ProcessesSection.CONSUMERS, List.of(ProcessesSection.CONSUMERS));
        out.println();
        out.println("results.json and plots: " + output);
        if (json) {
            out.println(report.json());
        }
    }

    private static List<String> writeAndRead(String group) {
        return List.of("write, " + group, "read, " + group);
    }

    static void deleteAll(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
