package io.turboqueue.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the figures were measured on.
 *
 * @param cores those the JVM may use
 * @param processor its model
 * @param system name and version of the operating system
 */
record Machine(int cores, String processor, String system) {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    static Machine here() throws IOException {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                processorModel(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    private static String processorModel() throws IOException {
        if (!Files.isReadable(PROCESSORS)) {
            return System.getProperty("os.arch");
        }
        try (var lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }
}
