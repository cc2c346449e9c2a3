package io.turboqueue.examples.torture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: stress-tests a queue in every way and says what it found. */
@Command(
        name = "scripts/torture",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Hurts producers, consumers and the disk under them, and judges from what they wrote down whether every promise"
                    + " was kept.",
            "Without a mode: a short run of each."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every promise was kept", "1:one was broken, or something failed", "2:wrong usage"})
public final class Torture implements Callable<Integer> {

    private static final int MAX_SHOWN = 20;

    @Option(names = "--kill", description = "kill -9 of one process after the other.")
    private boolean kill;

    @Option(names = "--halt", description = "Processes halt right after a step of the protocol, each step in turn.")
    private boolean halt;

    @Option(names = "--stop", description = "Processes are stopped (SIGSTOP) for a while and go on.")
    private boolean stop;

    @Option(names = "--power", description = "Power cuts: the image of a mounted disk is copied, and the copy mounted.")
    private boolean power;

    @Option(names = "--full", description = "The disk fills up, and has room again after a while.")
    private boolean full;

    @Option(names = "--faults", description = "One operation on the disk after the other fails, once or for a while.")
    private boolean faults;

    @Option(names = "--fuzz", description = "Damaged and hostile files are dropped into a queue at work.")
    private boolean fuzz;

    @Option(
            names = "--folders",
            description = "Links, pipes, devices, folders and odd names are put into every folder of a spool at work.")
    private boolean folders;

    @Option(names = "--soak", description = "Processes come and go for so many minutes, and must not grow.")
    private boolean soak;

    @Option(
            names = "--controls",
            description =
                    "Wrong variants of the queue, each of which must be caught. They are test code: build the tests first.")
    private boolean controls;

    @Option(
            names = "--crashes",
            paramLabel = "N",
            description =
                    "How often each mode strikes: kills, halts, stops, power cuts, full disks, faults, damaged files, odd entries, minutes.")
    private @Nullable Integer crashes;

    @Option(
            names = "--engine",
            paramLabel = "pages|jdbc",
            split = ",",
            defaultValue = "pages,jdbc",
            description = "The engines to run with, one after the other. Default: both.")
    private List<String> engines = List.of();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "40",
            description = "Most messages in a batch. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where to do it, so which file system is tortured. Default: the folder for temporary files.")
    private @Nullable Path folder;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeats the choices of a run. Default: a new one, printed.")
    private long seed = System.nanoTime();

    @Option(names = "--json", description = "Print the figures as one line of JSON at the end.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    private final PrintStream out;
    private Verdict total = Verdict.CLEAN;
    private int controlsCaught;

    /** The command as run from the command line. */
    public Torture() {
        this(System.out);
    }

    Torture(PrintStream out) {
        this.out = out;
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Torture()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireSensible();
        Path parent = folder == null ? Path.of(System.getProperty("java.io.tmpdir")) : Files.createDirectories(folder);
        Path work = Files.createTempDirectory(parent.toRealPath(), "turboqueue-torture-");
        out.printf("seed %d, in %s (%s)%n", seed, work, Files.getFileStore(work).type());
        for (Nemesis mode : chosen()) {
            for (String engine : engines) {
                run(mode, engine, work);
            }
        }
        if (controls) {
            runControls(work);
        }
        if (total.passed()) {
            TestBed.delete(work);
        } else {
            out.println("kept: " + work);
        }
        if (json) {
            out.println(document());
        }
        return total.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void requireSensible() {
        for (String engine : engines) {
            if (!engine.equals("pages") && !engine.equals("jdbc")) {
                throw refused("--engine " + engine + ": give pages or jdbc, or both with a comma between");
            }
        }
        if (batch < 1 || batch > 10_000) {
            throw refused("--batch " + batch + ": give a whole number from 1 to 10,000");
        }
        if (crashes != null && crashes < 1) {
            throw refused("--crashes " + crashes + ": give a whole number from 1");
        }
    }

    private ParameterException refused(String sentence) {
        if (spec == null) {
            throw new IllegalStateException("options are read by picocli");
        }
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** Every mode there is. */
    static List<Nemesis> modes() {
        return List.of(
                new KillNemesis(),
                new HaltNemesis(),
                new StopNemesis(),
                new PowerNemesis(),
                new FullNemesis(),
                new FaultsNemesis(),
                new FuzzNemesis(),
                new FoldersNemesis(),
                new SoakNemesis());
    }

    private List<Nemesis> chosen() {
        Map<String, Boolean> wanted = Map.of(
                "kill", kill, "halt", halt, "stop", stop, "power", power, "full", full, "faults", faults, "fuzz", fuzz,
                "folders", folders, "soak", soak);
        boolean all = !controls && !wanted.containsValue(true);
        return modes().stream()
                .filter(mode -> all || wanted.getOrDefault(mode.name(), false))
                .toList();
    }

    private void run(Nemesis mode, String engine, Path work) throws IOException, InterruptedException {
        String title = mode.name() + ", " + engine;
        Optional<String> obstacle = mode.obstacle();
        if (obstacle.isPresent()) {
            out.println(title + ": skipped, " + obstacle.get());
            return;
        }
        long start = System.nanoTime();
        Path own = Files.createDirectory(work.resolve(mode.name() + "-" + engine));
        int times = crashes == null ? mode.few() : crashes;
        Workload workload = Workload.of(engine).batches(batch);
        Verdict verdict = mode.run(new Nemesis.Stage(own, workload, times, seed, Program.USUAL));
        out.printf(Locale.ROOT, "%s: %s in %.0f s%n", title, words(verdict.tally()), (System.nanoTime() - start) / 1e9);
        print(verdict);
        if (verdict.passed()) {
            TestBed.delete(own);
        }
        total = total.plus(verdict);
    }

    private void runControls(Path work) throws IOException, InterruptedException {
        for (Control control : Control.all()) {
            Optional<String> obstacle = control.obstacle();
            if (obstacle.isPresent()) {
                out.println("control " + control.title() + ": skipped, " + obstacle.get());
                continue;
            }
            Path own = Files.createDirectory(work.resolve(control.title()));
            boolean caught = control.caught(control.runUntilCaught(own, seed));
            out.println("control " + control.title() + ": " + (caught ? "caught" : "NOT CAUGHT"));
            if (caught) {
                controlsCaught++;
                TestBed.delete(own);
            } else {
                total = total.violated(List.of("the wrong variant " + control.title() + " was not caught"));
            }
        }
    }

    private void print(Verdict verdict) {
        verdict.remarks().forEach(remark -> out.println("  " + remark));
        List<String> violations = verdict.violations();
        violations.stream().limit(MAX_SHOWN).forEach(violation -> out.println("  " + violation));
        if (violations.size() > MAX_SHOWN) {
            out.printf("  and %d more%n", violations.size() - MAX_SHOWN);
        }
    }

    private static String words(Tally tally) {
        return String.format(
                Locale.ROOT,
                "%,d blows, %,d messages published, %,d delivered, %,d lost, %,d wrong, %,d duplicates, %,d recoveries, %,d robbed",
                tally.crashes(),
                tally.published(),
                tally.delivered(),
                tally.lost(),
                tally.wrong(),
                tally.duplicates(),
                tally.recoveries(),
                tally.robbed());
    }

    private String document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        Tally tally = total.tally();
        document.put("crashes", tally.crashes());
        document.put("published", tally.published());
        document.put("delivered", tally.delivered());
        document.put("lost", tally.lost());
        document.put("wrong", tally.wrong());
        document.put("duplicates", tally.duplicates());
        document.put("recoveries", tally.recoveries());
        document.put("robbed", tally.robbed());
        document.put("controlsCaught", controlsCaught);
        return document.toString();
    }
}
