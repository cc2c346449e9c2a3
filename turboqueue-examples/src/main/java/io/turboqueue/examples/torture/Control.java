package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A wrong variant of the queue, to see whether the checker catches it: a harness without such controls proves nothing. They are
 * among the tests, and found on the class path.
 */
interface Control {

    /** How often a control may pass by chance before it counts as not caught. */
    int MAX_RUNS = 5;

    /** Who has some. */
    interface Source {
        List<? extends Control> controls();
    }

    /** The controls there are. */
    static List<Control> all() {
        List<Control> controls = ServiceLoader.load(Source.class).stream()
                .<Control>flatMap(source -> source.get().controls().stream())
                .toList();
        if (controls.isEmpty()) {
            throw new IllegalStateException(
                    "there are no controls on the class path; they are test code: mvn test-compile makes them");
        }
        return controls;
    }

    /** What is wrong, in words with hyphens between. */
    String title();

    /** Why it cannot be run here; empty if it can. */
    Optional<String> obstacle();

    /** Runs it in an empty folder. */
    Verdict run(Path folder, long seed) throws IOException, InterruptedException;

    /** Whether the verdict names what is wrong. */
    boolean caught(Verdict verdict);

    /**
     * Runs it until it is caught. What is wrong shows only when processes meet at the right moment, so one run may pass by
     * chance; a checker that sees nothing misses it in every run.
     *
     * @param folder gets a folder for each run
     * @param seed of the first run; each further run has the next one
     * @return the verdict that names what is wrong, or that of the last run
     */
    default Verdict runUntilCaught(Path folder, long seed) throws IOException, InterruptedException {
        Verdict verdict = run(Files.createDirectory(folder.resolve("run-1")), seed);
        for (int runs = 1; runs < MAX_RUNS && !caught(verdict); runs++) {
            verdict = run(Files.createDirectory(folder.resolve("run-" + (runs + 1))), seed + runs);
        }
        return verdict;
    }
}
