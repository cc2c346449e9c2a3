package io.turboqueue.examples.kafka;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turboqueue.inspect.QueueStats;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/** The pipeline over the demo's flights, on a broker of its own, with the results checked. Leaves nothing behind. */
final class PipelineDemo {

    private static final int PARTITIONS = 4;
    private static final int SHORT_RUN = 1_000_000;
    private static final Duration READ = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** A listing of a folder that others change may miss a name, so empty is what was found empty twice. */
    private static final int EMPTY_LISTINGS = 2;

    private final int messages;
    private final PrintStream log;
    private final RateTable table;

    PipelineDemo(int messages, PrintStream log, RateTable table) {
        this.messages = messages;
        this.log = log;
        this.table = table;
    }

    /**
     * What came of it.
     *
     * @param messages events with a result
     * @param seconds from the first event that was read to the last result that was found
     * @param verified whether every event has its result, the same as a single thread's
     * @param duplicates results that were there already
     * @param restarts of processes
     */
    record Outcome(long messages, double seconds, boolean verified, long duplicates, int restarts) {

        String json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("messages", messages);
            json.put("seconds", Math.round(seconds * 1000) / 1000.0);
            json.put("verified", verified);
            json.put("duplicates", duplicates);
            json.put("messagesPerSecond", seconds > 0 ? Math.round(messages / seconds) : 0);
            json.put("restarts", restarts);
            return json.toString();
        }
    }

    /** Runs it with these settings; topics, spool and cluster are its own. */
    Outcome run(@Nullable Path settingsFile, Map<String, String> flags)
            throws IOException, InterruptedException, PipelineException {
        Path folder = Files.createTempDirectory("turboqueue-kafka-");
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), Map.of())) {
            log.println("broker at " + broker.bootstrap());
            Map<String, String> all = new LinkedHashMap<>(flags);
            all.put(PipelineSetting.BOOTSTRAP.key(), broker.bootstrap());
            all.put(PipelineSetting.IN_TOPIC.key(), "flights");
            all.put(PipelineSetting.OUT_TOPIC.key(), "flights.enriched");
            all.putIfAbsent(PipelineSetting.SPOOL.key(), folder.resolve("spool").toString());
            if (messages <= SHORT_RUN) {
                // Optimising compilers at work in every process cost more than they would gain in a few seconds.
                all.putIfAbsent(PipelineSetting.JVM_FLAGS.key(), "-XX:TieredStopAtLevel=1");
            }
            PipelineSettings settings = PipelineSettings.load(settingsFile, all);
            return run(settings);
        } finally {
            delete(folder);
        }
    }

    private Outcome run(PipelineSettings settings) throws IOException, InterruptedException, PipelineException {
        try (Topics topics = Topics.open(settings)) {
            topics.create(new NewTopic(settings.inTopic(), Optional.of(PARTITIONS), Optional.empty()));
            topics.create(new NewTopic(settings.outTopic(), Optional.of(PARTITIONS), Optional.empty()));
            topics.requireAll(settings);
        }
        new FlightEvents().load(settings, 0, messages);
        log.println("loaded " + messages + " flights into topic " + settings.inTopic());
        try (ResultVerifier check = ResultVerifier.open(settings);
                PipelineGroup group = PipelineGroup.start(settings, table)) {
            double seconds = watch(check, group, settings);
            boolean verified = check.difference().isEmpty() && check.events() == messages;
            if (!check.difference().isEmpty()) {
                log.println(check.difference());
            }
            return new Outcome(
                    check.events(),
                    seconds,
                    verified,
                    check.duplicates(),
                    group.processes().restarts());
        }
    }

    private double watch(ResultVerifier check, PipelineGroup group, PipelineSettings settings)
            throws IOException, InterruptedException, PipelineException {
        long first = 0;
        long last = System.nanoTime();
        int empty = 0;
        while (empty < EMPTY_LISTINGS) {
            int found = check.read(READ);
            long now = System.nanoTime();
            if (first == 0 && table.total(PipelineGroup.IN).received() > 0) {
                first = now;
            }
            if (found > 0) {
                last = now;
            } else if (now - last > PATIENCE.toNanos()) {
                throw new PipelineException("no result has come for " + PATIENCE.toSeconds() + " s; " + check.events()
                        + " of " + messages + " events have theirs");
            }
            group.watch();
            boolean done = found == 0 && check.events() >= messages;
            empty = done && isEmpty(group, settings.queue() + ".in") && isEmpty(group, settings.queue() + ".out")
                    ? empty + 1
                    : 0;
        }
        return (last - first) / 1e9;
    }

    private static boolean isEmpty(PipelineGroup group, String queue) throws IOException, PipelineException {
        QueueStats stats = group.inspector(queue).stats();
        if (stats.dead().batches() > 0) {
            throw new PipelineException(stats.dead().messages() + " messages became dead letters of queue " + queue);
        }
        return stats.ready().batches()
                        + stats.delayed().batches()
                        + stats.claimed().batches()
                == 0;
    }

    /** Deletes a folder and all that is in it. */
    static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
