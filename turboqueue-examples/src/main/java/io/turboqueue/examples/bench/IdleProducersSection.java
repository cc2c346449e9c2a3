package io.turboqueue.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turboqueue.Codecs;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.examples.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of a process with very many open producers that have nothing to send, as Linux counts it. */
final class IdleProducersSection implements Section {

    private static final int PRODUCERS = 10_000;
    private static final double TARGET_MEBIBYTES = 200;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*([0-9]+) kB");

    private final Path folder;

    IdleProducersSection(Path folder) {
        this.folder = folder.resolve("idle-spool");
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        String name = String.format("memory of a process with %,d idle producers", PRODUCERS);
        if (!Files.exists(STATUS)) {
            report.note(name + ": this system has no " + STATUS);
            return;
        }
        Process process = new ProcessBuilder(JavaCommand.of(Idler.class, List.of(), List.of(folder.toString())))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        Matcher resident = RESIDENT.matcher(printed);
        if (process.waitFor() != 0 || !resident.find()) {
            throw new IOException("the process with " + PRODUCERS + " producers failed: " + printed);
        }
        double mebibytes = Long.parseLong(resident.group(1)) / 1024.0;
        report.add(Figure.single(name, "VmRSS", "MiB", mebibytes));
        report.add(Ratio.atMost(name + ", MiB", mebibytes, TARGET_MEBIBYTES));
    }

    /** That process. */
    static final class Idler {

        private Idler() {}

        /** Opens the producers in the spool named, and prints what the system says of this process. */
        public static void main(String[] arguments) throws IOException {
            List<QueueProducer<byte[]>> producers = new ArrayList<>();
            try (Spool spool = Spool.open(Path.of(arguments[0]))) {
                TurboQueue<byte[]> queue = spool.queue("idle", Codecs.bytes());
                while (producers.size() < PRODUCERS) {
                    producers.add(queue.producer());
                }
                System.out.println(Files.readString(STATUS));
            }
        }
    }
}
