package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A way to hurt the processes at a queue, or the disk under them. */
interface Nemesis {

    /** Its name on the command line. */
    String name();

    /** How often it strikes in a short run. */
    int few();

    /** Why it cannot be run here; empty if it can. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Runs it and judges. */
    Verdict run(Stage stage) throws IOException, InterruptedException;

    /**
     * What a mode is given.
     *
     * @param folder an empty folder of its own, on the file system under torture
     * @param workload what processes do; a mode may change it to its needs
     * @param times how often to strike
     * @param seed of all chances
     * @param program what the processes run
     */
    record Stage(Path folder, Workload workload, int times, long seed, Program program) {

        /** The checker's verdict on a test bed's ledgers, and what is left on its disk. */
        static Verdict verdict(TestBed testBed, Rules rules) throws IOException {
            return new Checker(rules).checker(History.read(testBed.ledgers())).violated(Remains.violations(testBed));
        }
    }
}
