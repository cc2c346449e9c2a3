package io.turboqueue.examples.kafka;

import io.turboqueue.Codecs;
import io.turboqueue.QueueInspector;
import io.turboqueue.Spool;
import io.turboqueue.examples.JavaCommand;
import io.turboqueue.examples.ProcessGroup;
import io.turboqueue.examples.WorkerSpec;
import io.turboqueue.examples.WorkerSpec.Meaning;
import io.turboqueue.examples.kafka.Progress.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of a running pipeline, and the table that shows them. */
final class PipelineGroup implements AutoCloseable {

    /** The kinds of processes; each has a number besides, as in {@code worker-0}. */
    static final String IN = "in";

    static final String WORKER = "worker";
    static final String OUT = "out";

    /** How long each kind of process gets to end. */
    static final Duration GRACE = PipelineProcess.PATIENCE.plusSeconds(5);
    /** The way in buffers a batch a partition, and Kafka's own clients take their share. */
    private static final long MIN_BRIDGE_HEAP = 512L << 20;

    private final PipelineSettings settings;
    private final RateTable table;
    private final PipelineLock lock;
    private final Spool spool;
    private final ProcessGroup group;

    private PipelineGroup(
            PipelineSettings settings, RateTable table, PipelineLock lock, Spool spool, ProcessGroup group) {
        this.settings = settings;
        this.table = table;
        this.lock = lock;
        this.spool = spool;
        this.group = group;
    }

    /**
     * Starts all processes.
     *
     * @throws PipelineException if the pipeline runs already, or the group's start cannot be committed
     */
    static PipelineGroup start(PipelineSettings settings, RateTable table)
            throws IOException, PipelineException, InterruptedException {
        Spool spool = Spool.open(settings.spool()); // first, since it wants a folder that is empty or its own
        try {
            PipelineLock lock = PipelineLock.supervisor(settings);
            try {
                StartPositions.choose(settings);
                return start(settings, table, lock, spool);
            } catch (IOException | PipelineException | InterruptedException failed) {
                lock.close();
                throw failed;
            }
        } catch (IOException | PipelineException | InterruptedException failed) {
            spool.close();
            throw failed;
        }
    }

    private static PipelineGroup start(PipelineSettings settings, RateTable table, PipelineLock lock, Spool spool)
            throws IOException {
        Files.createDirectories(nativeLibraries(settings));
        Path file = settings.folder().resolve("settings.json");
        settings.write(file);
        ProcessGroup.Builder builder = ProcessGroup.builder()
                .grace(GRACE)
                .restart(ProcessGroup.Restart.ALWAYS)
                .restarts(settings.number(PipelineSetting.RESTARTS))
                .stopInOrder()
                .onLog(table::log)
                .onLine((process, line) -> read(table, process, line));
        builder.replicas(
                process(OUT, QueueToKafka.class, file, settings), settings.number(PipelineSetting.OUT_PROCESSES));
        builder.replicas(
                process(WORKER, PipelineWorker.class, file, settings), settings.number(PipelineSetting.WORK_PROCESSES));
        builder.replicas(
                process(IN, KafkaToQueue.class, file, settings), settings.number(PipelineSetting.IN_PROCESSES));
        return new PipelineGroup(settings, table, lock, spool, builder.start());
    }

    private static void read(RateTable table, String process, String line) {
        Optional<Told> told = Told.parse(line);
        if (told.isPresent()) {
            table.add(process, told.get());
        } else {
            table.log("[" + process + "] " + line);
        }
    }

    private static WorkerSpec process(String kind, Class<?> main, Path file, PipelineSettings settings) {
        List<String> arguments = List.of(file.toString(), WorkerSpec.REPLICA);
        return WorkerSpec.of(kind, JavaCommand.of(main, jvmFlags(settings, main), arguments))
                .withMeaning(
                        line -> Told.parse(line).map(PipelineGroup::meaning).orElse(Meaning.NOTHING));
    }

    /** Work may end its process at single events: that is counted for these events, and not against the process. */
    private static Meaning meaning(Told told) {
        if (told.state().equals(Progress.CAREFUL)) {
            return Meaning.RISKY;
        }
        return told.sent() > 0 ? Meaning.PROGRESS : Meaning.READY;
    }

    private static List<String> jvmFlags(PipelineSettings settings, Class<?> main) {
        boolean worker = main == PipelineWorker.class;
        long heap = worker ? settings.heapBytes() : Math.max(MIN_BRIDGE_HEAP, settings.heapBytes());
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                // What a killed JVM leaves behind must lie in the pipeline's own folder.
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dorg.sqlite.tmpdir=" + nativeLibraries(settings),
                "--enable-native-access=ALL-UNNAMED"));
        flags.addAll(settings.jvmFlags());
        return flags;
    }

    private static Path nativeLibraries(PipelineSettings settings) {
        return settings.folder().resolve("native");
    }

    /** Draws the table, and says so when the pipeline cannot continue. */
    void watch() throws IOException, PipelineException {
        table.show(
                group.running().keySet(),
                List.of(queue(settings.queue() + ".in"), queue(settings.queue() + ".out")),
                group.restarts());
        Optional<String> givenUp = group.givenUp();
        if (givenUp.isPresent()) {
            throw new PipelineException(givenUp.get() + "; its last words are above");
        }
    }

    private RateTable.Queue queue(String name) throws IOException {
        return new RateTable.Queue(name, inspector(name).stats());
    }

    QueueInspector inspector(String queue) throws IOException {
        return spool.queue(queue, Codecs.bytes()).inspector();
    }

    ProcessGroup processes() {
        return group;
    }

    /** An interrupt that came before does not shorten the time that processes get. */
    @Override
    public void close() throws IOException {
        Interrupts.holdBack(() -> {
            group.close();
            spool.close();
            lock.close();
        });
    }
}
