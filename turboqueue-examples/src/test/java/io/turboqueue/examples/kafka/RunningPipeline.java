package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.turboqueue.examples.Terminal;
import io.turboqueue.inspect.QueueStats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A pipeline under test, with its processes, its topics, and what is found in the out-topic. */
final class RunningPipeline implements AutoCloseable {

    static final int PARTITIONS = 4;

    private static final Duration READ = Duration.ofMillis(100);
    /** Long enough for a Kafka client to notice that its broker does not answer, and to start again. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    final PipelineSettings settings;
    final PipelineGroup group;
    final ResultVerifier check;
    final RateTable table;
    private final ByteArrayOutputStream log;

    private RunningPipeline(
            PipelineSettings settings,
            PipelineGroup group,
            ResultVerifier check,
            RateTable table,
            ByteArrayOutputStream log) {
        this.settings = settings;
        this.group = group;
        this.check = check;
        this.table = table;
        this.log = log;
    }

    /** Something to look at each time round; it may throw. */
    interface Step {
        void run() throws Exception;
    }

    /** Settings for topics of that name, in a spool of that name. */
    static PipelineSettings settings(String bootstrap, Path folder, String name, Map<String, String> more)
            throws Exception {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("kafka.bootstrap", bootstrap);
        all.put("in.topic", name);
        all.put("in.group", name);
        all.put("out.topic", name + ".out");
        all.put("queue.spool", folder.resolve("spool-" + name).toString());
        all.put("work.processes", "1");
        // what a killed process had claimed comes back soon
        all.put("process.jvmFlags", "-XX:TieredStopAtLevel=1 -Dturboqueue.delivery.recoveryInterval=500ms");
        all.putAll(more);
        return PipelineSettings.load(null, all);
    }

    /** Makes the topics. */
    static void createTopics(PipelineSettings settings, Map<String, String> inConfig, Map<String, String> outConfig)
            throws Exception {
        try (Topics topics = Topics.open(settings)) {
            topics.create(
                    new NewTopic(settings.inTopic(), Optional.of(PARTITIONS), Optional.empty()).configs(inConfig));
            topics.create(
                    new NewTopic(settings.outTopic(), Optional.of(PARTITIONS), Optional.empty()).configs(outConfig));
        }
    }

    static RunningPipeline start(PipelineSettings settings) throws Exception {
        try (Topics topics = Topics.open(settings)) {
            topics.requireAll(settings);
        }
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        RateTable table =
                new RateTable(new PrintStream(log, true, StandardCharsets.UTF_8), Terminal.NONE, System::nanoTime);
        ResultVerifier check = ResultVerifier.open(settings);
        return new RunningPipeline(settings, PipelineGroup.start(settings, table), check, table, log);
    }

    /** Reads results, and does the step in between, until that many events have theirs. */
    void await(long events, Step step) throws Exception {
        long moved = System.nanoTime();
        while (check.events() < events) {
            if (check.read(READ) > 0) {
                moved = System.nanoTime();
            }
            group.watch();
            step.run();
            if (System.nanoTime() - moved > PATIENCE.toNanos()) {
                fail("%d of %d events have a result:%n%s", check.events(), events, logWithThreads());
            }
        }
    }

    void await(long events) throws Exception {
        await(events, () -> {});
    }

    /** Reads on until both queues are empty, so that no result can come any more. */
    void awaitIdle() throws Exception {
        long start = System.nanoTime();
        int idle = 0;
        while (idle < 3) {
            boolean empty = isEmpty(in()) && isEmpty(out());
            idle = check.read(READ) == 0 && empty ? idle + 1 : 0;
            group.watch();
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                fail("the queues are not empty: %s, %s%n%s", in(), out(), logWithThreads());
            }
        }
    }

    /** Waits until both queues are empty. */
    void awaitEmpty() throws Exception {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            group.watch();
            return isEmpty(in()) && isEmpty(out());
        });
    }

    /** Reads a topic from its beginning until that many records are found. */
    static List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> readAll(
            KafkaConsumer<byte @Nullable [], byte @Nullable []> reader, String topic, int records) {
        reader.assign(IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList());
        reader.seekToBeginning(reader.assignment());
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> found = new ArrayList<>();
        long start = System.nanoTime();
        while (found.size() < records) {
            reader.poll(READ).forEach(found::add);
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                fail("%d of %d records of topic %s", found.size(), records, topic);
            }
        }
        return found;
    }

    QueueStats in() throws IOException {
        return group.inspector(settings.queue() + ".in").stats();
    }

    QueueStats out() throws IOException {
        return group.inspector(settings.queue() + ".out").stats();
    }

    private static boolean isEmpty(QueueStats stats) {
        return stats.ready().batches()
                        + stats.delayed().batches()
                        + stats.claimed().batches()
                == 0;
    }

    void kill(String process) throws Exception {
        ProcessHandle handle = group.processes().process(process).orElseThrow();
        assertThat(handle.destroyForcibly()).as(process).isTrue();
        handle.onExit().get();
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    /** The log, and what each process does now, the broker's included: one that hangs shows where, a dead one is missing. */
    private String logWithThreads() throws Exception {
        StringBuilder text = new StringBuilder(log());
        for (ProcessHandle process : ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .toList()) {
            text.append(process.info().commandLine().orElse("?")).append('\n').append(threads(process.pid()));
        }
        return text.toString();
    }

    private static String threads(long pid) throws Exception {
        Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
        Process dump = new ProcessBuilder(jstack.toString(), Long.toString(pid))
                .redirectErrorStream(true)
                .start();
        try (InputStream printed = dump.getInputStream()) {
            return new String(printed.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        group.close();
        check.close();
    }
}
