package io.turboqueue.examples.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turboqueue.examples.JavaCommand;
import io.turboqueue.examples.ProcessGroup;
import io.turboqueue.examples.Terminal;
import io.turboqueue.examples.kafka.Progress.Told;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/**
 * Measures events per second through the whole pipeline, beside the same work done by plain consumers: one process each, or
 * threads of one process. A broker of its own, on the same machine. Each figure is a line in {@code results.json}; from all
 * lines there are the plot is redrawn.
 */
final class Measurement {

    /** How many events for each cost of one: some seconds' worth. */
    private static final Map<Long, Integer> EVENTS = Map.of(0L, 150_000, 20L, 120_000, 200L, 30_000);

    private static final List<Integer> WORKERS = List.of(1, 2, 4, 8);
    /** And a topic whose one partition only one member of a group can read. */
    private static final long HEAVY = 200;

    private static final int HEAVY_EVENTS = 30_000;
    private static final List<Integer> ONE_PARTITION_WORKERS = List.of(2);
    private static final int PARTITIONS = 8;
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String LIBRARIES = "-XX:-UsePerfData";

    /** Who does the work. */
    enum Contestant {
        PIPELINE("TurboQueue"),
        PROCESSES("consumer processes"),
        THREADS("threads of one consumer");

        private final String title;

        Contestant(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /**
     * What there is to do.
     *
     * @param cpuMicros of a core for each event
     * @param events how many are measured
     * @param partitions of the in-topic
     */
    record Load(long cpuMicros, int events, int partitions) {}

    /**
     * A figure.
     *
     * @param contestant who
     * @param load what there was to do
     * @param workers processes or threads that do the work
     * @param perSecond events
     * @param coreSeconds all processes but the broker took for a million events
     */
    record Figure(Contestant contestant, Load load, int workers, double perSecond, double coreSeconds) {

        String json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("contestant", contestant.name());
            json.put("cpuMicros", load.cpuMicros);
            json.put("partitions", load.partitions);
            json.put("workers", workers);
            json.put("perSecond", Math.round(perSecond));
            json.put("coreSecondsPerMillion", Math.round(coreSeconds * 100) / 100.0);
            return json.toString();
        }

        static Figure parse(JsonNode json) {
            return new Figure(
                    Contestant.valueOf(json.path("contestant").asText()),
                    new Load(
                            json.path("cpuMicros").asLong(),
                            0,
                            json.path("partitions").asInt(PARTITIONS)),
                    json.path("workers").asInt(),
                    json.path("perSecond").asDouble(),
                    json.path("coreSecondsPerMillion").asDouble());
        }
    }

    private final KafkaBroker broker;
    private final Path folder;
    private final Load load;
    private final FlightEvents flights = new FlightEvents();
    private int runs;

    private Measurement(KafkaBroker broker, Path folder, Load load) throws IOException {
        this.broker = broker;
        this.folder = folder;
        this.load = load;
    }

    /**
     * Measures: {@code OUTPUT-FOLDER} for everything, {@code OUTPUT-FOLDER CPU-MICROS EVENTS PARTITIONS WORKERS...} for a
     * part of it.
     */
    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.println("Usage: scripts/kafka-pipeline --measure [CPU-MICROS EVENTS PARTITIONS WORKERS...]");
            System.out.println(
                    "Measures the pipeline beside plain consumers; without arguments all figures of doc/kafka-pipeline.md.");
            return;
        }
        Path output = Path.of(args[0]);
        Files.createDirectories(output);
        Path results = output.resolve("results.json");
        if (args.length > 1) {
            List<Integer> workers = new ArrayList<>();
            for (int i = 4; i < args.length; i++) {
                workers.add(Integer.valueOf(args[i]));
            }
            Load load = new Load(Long.parseLong(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            measure(results, load, workers);
        } else {
            Files.deleteIfExists(results);
            for (Map.Entry<Long, Integer> cost : new TreeMap<>(EVENTS).entrySet()) {
                measure(results, new Load(cost.getKey(), cost.getValue(), PARTITIONS), WORKERS);
            }
            measure(results, new Load(HEAVY, HEAVY_EVENTS, 1), ONE_PARTITION_WORKERS);
        }
        MeasurementTable.lines(read(results)).forEach(System.out::println);
        MeasurementPlot.draw(read(results), output.resolve("kafka-pipeline.png"));
    }

    private static void measure(Path results, Load load, List<Integer> workers) throws Exception {
        Path folder = Files.createTempDirectory("turboqueue-kafka-measured-");
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), Map.of())) {
            Measurement measurement = new Measurement(broker, folder, load);
            for (int count : workers) {
                for (Contestant contestant : Contestant.values()) {
                    if (isThere(results, contestant, load, count)) {
                        continue;
                    }
                    Figure figure = measurement.run(contestant, count);
                    System.out.println(figure.json());
                    Files.writeString(
                            results, figure.json() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        } finally {
            PipelineDemo.delete(folder);
        }
    }

    /** So that a measurement in parts can continue where it was cut off. */
    private static boolean isThere(Path results, Contestant contestant, Load load, int workers) throws IOException {
        return read(results).stream()
                .anyMatch(figure -> figure.contestant() == contestant
                        && figure.workers() == workers
                        && figure.load().cpuMicros() == load.cpuMicros()
                        && figure.load().partitions() == load.partitions());
    }

    private static List<Figure> read(Path results) throws IOException {
        List<Figure> figures = new ArrayList<>();
        if (Files.exists(results)) {
            for (String line : Files.readAllLines(results)) {
                figures.add(Figure.parse(new ObjectMapper().readTree(line)));
            }
        }
        return figures;
    }

    private PipelineSettings settings(String name, int workers) throws IOException, PipelineException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("kafka.bootstrap", broker.bootstrap());
        all.put("in.topic", name + ".in");
        all.put("in.group", name);
        all.put("out.topic", name);
        all.put("queue.spool", folder.resolve(name).toString());
        all.put("work.processes", Integer.toString(workers));
        all.put("work.cpu", load.cpuMicros + "us");
        return PipelineSettings.load(null, all);
    }

    private Figure run(Contestant contestant, int workers) throws Exception {
        PipelineSettings settings = settings("run-" + runs++, workers);
        RateTable table = new RateTable(
                new PrintStream(System.err, true, StandardCharsets.UTF_8), Terminal.NONE, System::nanoTime);
        try (Topics topics = Topics.open(settings)) {
            topics.create(new NewTopic(settings.inTopic(), Optional.of(load.partitions), Optional.empty()));
            topics.create(new NewTopic(settings.outTopic(), Optional.of(PARTITIONS), Optional.empty()));
            if (contestant == Contestant.PIPELINE) {
                try (PipelineGroup group = PipelineGroup.start(settings, table)) {
                    return watch(contestant, workers, new Watched(group.processes(), topics, settings));
                }
            }
            try (ProcessGroup group = peers(contestant, settings, workers, table)) {
                return watch(contestant, workers, new Watched(group, topics, settings));
            }
        }
    }

    private record Watched(ProcessGroup group, Topics topics, PipelineSettings settings) {

        long written() throws PipelineException, InterruptedException {
            return topics.ends(settings.outTopic()).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }

        double cpuSeconds() {
            return group.running().values().stream()
                    .mapToDouble(process -> process.info()
                                    .totalCpuDuration()
                                    .orElse(Duration.ZERO)
                                    .toNanos()
                            / 1e9)
                    .sum();
        }
    }

    private static ProcessGroup peers(Contestant contestant, PipelineSettings settings, int workers, RateTable table)
            throws IOException {
        Path file = settings.folder().resolve("settings.json");
        settings.write(file);
        int processes = contestant == Contestant.PROCESSES ? workers : 1;
        int threads = contestant == Contestant.PROCESSES ? 1 : workers;
        ProcessGroup.Builder builder = ProcessGroup.builder().onLog(table::log).onLine((name, line) -> Told.parse(line)
                .ifPresent(told -> table.add(name, told)));
        for (int number = 0; number < processes; number++) {
            builder.worker(
                    PipelineGroup.IN + "-" + number,
                    JavaCommand.of(
                            PeerConsumer.class,
                            List.of("-Xmx512m", "-XX:+UseSerialGC", LIBRARIES),
                            List.of(file.toString(), Integer.toString(number), Integer.toString(threads))));
        }
        return builder.start();
    }

    /**
     * First as many events, for compilers and caches. Then the events to be measured are written in a transaction:
     * the members of the group see none of them until it is committed, and that is when the clock starts.
     */
    private Figure watch(Contestant contestant, int workers, Watched watched) throws Exception {
        int events = load.events;
        int warmUp = events;
        flights.load(watched.settings, 0, warmUp);
        await(watched, warmUp);
        try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                KafkaClients.of(watched.settings).transactionalProducer()) {
            producer.initTransactions();
            producer.beginTransaction();
            flights.send(producer, watched.settings.inTopic(), warmUp, warmUp + events);
            double cpuBefore = watched.cpuSeconds();
            long start = System.nanoTime();
            producer.commitTransaction();
            await(watched, warmUp + events);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = watched.cpuSeconds() - cpuBefore;
            return new Figure(contestant, load, workers, events / seconds, cpu * 1e6 / events);
        }
    }

    private static void await(Watched watched, long results) throws PipelineException, InterruptedException {
        long started = System.nanoTime();
        while (watched.written() < results) {
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            if (watched.group().givenUp().isPresent() || System.nanoTime() - started > PATIENCE.toNanos()) {
                throw new PipelineException("of " + results + " results there are only " + watched.written());
            }
        }
    }
}
