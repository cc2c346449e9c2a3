package io.turboqueue.examples.features;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small program that shows one feature in the spool in a folder. */
@FunctionalInterface
interface Feature {

    void run(Path folder, PrintStream out) throws Exception;

    /** Runs it in the folder that the arguments name, or in a new temporary one. */
    static void run(String[] args, Feature feature) throws Exception {
        feature.run(folder(args), System.out);
    }

    private static Path folder(String[] args) throws IOException {
        return args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("turboqueue-feature");
    }
}
