package io.turboqueue.examples.bench;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.JdbcEngine;
import io.turboqueue.batch.PagesEngine;
import io.turboqueue.io.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;

/**
 * Measures the queue where it counts and prints one line a figure. Takes about a minute; nothing else should run
 * meanwhile. The folder it works in may be given as the only argument, and is a fresh temporary one otherwise.
 */
public final class Bench {

    private Bench() {}

    /** Runs every measurement in turn. */
    public static void main(String[] arguments) throws Exception {
        Path folder = arguments.length > 0
                ? Files.createTempDirectory(Path.of(arguments[0]), "turboqueue-bench")
                : Files.createTempDirectory("turboqueue-bench");
        print(
                "%s %s, %d processors, file system %s",
                System.getProperty("java.vm.name"),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                Files.getFileStore(folder).type());
        try (BatchEngine jdbc = new JdbcEngine(new LocalDisk());
                BatchEngine pages = new PagesEngine(new LocalDisk())) {
            new EngineBench("jdbc", jdbc, folder).run();
            new EngineBench("pages", pages, folder).run();
        }
        new ClaimBench(folder).run();
        new WakeUpBench(folder).run();
        deleteAll(folder);
    }

    static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    static void deleteAll(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
