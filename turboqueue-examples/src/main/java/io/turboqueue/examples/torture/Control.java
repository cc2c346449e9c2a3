package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A wrong variant of the queue, to see whether the checker catches it: a harness without such controls proves nothing. They are
 * among the tests, and found on the class path.
 */
interface Control {

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
}
