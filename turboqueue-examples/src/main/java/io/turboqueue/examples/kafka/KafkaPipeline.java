package io.turboqueue.examples.kafka;

import io.turboqueue.examples.InterruptOnShutdown;
import io.turboqueue.examples.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A Kafka topic in, work on every core of this host, a Kafka topic out.
 *
 * <pre>
 * in-topic -> {@link KafkaToQueue} -> queue NAME.in -> {@link PipelineWorker} (many) -> queue NAME.out -> {@link QueueToKafka} -> out-topic
 * </pre>
 *
 * <h2>Promise</h2>
 *
 * <p><b>At least once, always.</b> A stage lets go of an event only after the next one has it for good: offsets are committed
 * after the batch is published, a batch is acked after its results are published, a result's batch is acked after the
 * brokers acknowledged its records. With {@code queue.durability: power}, the default, that holds through power cuts too.
 * Results can come twice when a process, a broker or the host dies in between, and at every such place.
 *
 * <p><b>Once, with {@code out.transactions}</b>, for consumers with {@code isolation.level=read_committed}, when workers,
 * bridges, brokers or all of them die. Every result carries the topic, partition and offset of its event. The one process
 * that writes results keeps a ledger of the offsets that are written, commits it in the same transaction as the results,
 * reads it back when it starts, and leaves out what is in it. So it does not matter where the duplicate arose: in a range
 * that was read and published again, a batch that was worked on again, or one that was written and not acked.
 *
 * <h2>What can still come twice with transactions</h2>
 *
 * <ul>
 *   <li>The events of a partition that goes to <em>another host</em> while this host has some of them published but not
 *       committed: when its bridge is killed and not back before the group's session timeout, or the host is lost. Each host
 *       knows its own ledger entries, and those of others only as they were when it started. {@code in.instance} keeps the
 *       partitions with the host while its bridge starts again.
 *   <li>What a consumer reads that also reads uncommitted records.
 *   <li>An event that the producer wrote twice: it has two offsets, and is two events.
 *   <li>After the ledger topic was deleted, or the transactional id's host was given an empty one.
 * </ul>
 *
 * <p>The other way round, offsets that are in the ledger are never written again: to replay a topic on purpose, give
 * {@code out.ledgerTopic} a new name. A topic that was deleted and made again is another topic, and known as such by
 * its id; offsets that Kafka itself gave out twice (unclean leader election) are not.
 *
 * <h2>What it does not do</h2>
 *
 * <p>Results come in another order than events: batches are worked on side by side. An event whose work fails
 * {@code queue.maxAttempts} times, or whose result the broker refuses as often, is in a queue's {@code dead/} with the
 * error, and not in the out-topic until it is redriven.
 */
public final class KafkaPipeline {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int BAD_FLAG = 2;
    private static final int INTERRUPTED = 130;
    /** Three kinds of processes end one after the other, and then the demo's broker. */
    private static final Duration PATIENCE = PipelineGroup.GRACE.multipliedBy(4);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final PipelineOptions options;
    private final PrintStream out;
    private final PrintStream err;

    private KafkaPipeline(PipelineOptions options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** Runs it; see {@code scripts/kafka-pipeline --help}. */
    public static void main(String[] args) {
        // What these two say is in the error that the pipeline prints, or is tried again and printed then.
        for (String name : List.of("NetworkClient", "ClientUtils")) {
            System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka.clients." + name, "off");
        }
        System.exit(run(args, System.out, System.err));
    }

    /**
     * Runs it.
     *
     * @param out gets the line of JSON
     * @param err gets everything else
     * @return the exit status
     */
    static int run(String[] args, PrintStream out, PrintStream err) {
        PipelineOptions options = new PipelineOptions();
        CommandLine commandLine = new CommandLine(options);
        try {
            commandLine.parseArgs(args);
            options.check(commandLine);
        } catch (ParameterException refused) {
            err.println("kafka-pipeline: " + refused.getMessage());
            return BAD_FLAG;
        }
        if (options.demo && !KafkaBroker.isThere()) {
            err.println("kafka-pipeline: --demo needs Kafka's broker, which is not in this jar; from a clone it is"
                    + " scripts/kafka-pipeline --demo");
            return BAD_FLAG;
        }
        if (options.help) {
            commandLine.usage(out);
            return DONE;
        }
        return new KafkaPipeline(options, out, err).run();
    }

    private int run() {
        InterruptOnShutdown shutdown = InterruptOnShutdown.open(PATIENCE);
        shutdown.exitStatus(options.demo ? INTERRUPTED : DONE);
        try {
            return runUntilStopped(shutdown);
        } catch (InterruptedException interrupted) {
            return stopped();
        } finally {
            shutdown.close();
        }
    }

    private int runUntilStopped(InterruptOnShutdown shutdown) throws InterruptedException {
        try {
            RateTable table = new RateTable(err, Terminal.ofStandardError(), System::nanoTime);
            return options.demo ? demo(table) : pipeline(table);
        } catch (PipelineException | IOException | KafkaException failed) {
            if (shutdown.given()) {
                return stopped(); // an interrupted call fails in many ways
            }
            String words = failed instanceof PipelineException ? failed.getMessage() : failed.toString();
            err.println("kafka-pipeline: " + words);
            return FAILED;
        }
    }

    private int stopped() {
        err.println("kafka-pipeline: stopped");
        return options.demo ? INTERRUPTED : DONE;
    }

    private int pipeline(RateTable table) throws IOException, InterruptedException, PipelineException {
        PipelineSettings settings;
        try {
            settings = PipelineSettings.load(options.settings, options.flags());
            if (options.check) {
                return PipelineCheck.run(settings, out) ? DONE : FAILED;
            }
            WorkClass.find(settings).close(); // its code runs in the workers alone
        } catch (PipelineException refused) {
            err.println("kafka-pipeline: " + refused.getMessage());
            return BAD_FLAG;
        }
        try (PipelineGroup group = Topics.awaitAnswer(() -> start(settings, table), () -> false, table::log)
                .orElseThrow()) {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
                group.watch();
            }
        }
    }

    private static PipelineGroup start(PipelineSettings settings, RateTable table)
            throws IOException, InterruptedException, PipelineException {
        try (Topics topics = Topics.open(settings)) {
            topics.requireAll(settings);
        }
        return PipelineGroup.start(settings, table);
    }

    private int demo(RateTable table) throws IOException, InterruptedException, PipelineException {
        PipelineDemo.Outcome outcome =
                new PipelineDemo(options.messages, err, table).run(options.settings, options.flags());
        err.printf(
                "%,d events in %.1f s (%,.0f a second), %s, %,d duplicates%n",
                outcome.messages(),
                outcome.seconds(),
                outcome.messages() / outcome.seconds(),
                outcome.verified() ? "verified" : "NOT VERIFIED",
                outcome.duplicates());
        if (options.json) {
            out.println(outcome.json());
        }
        return outcome.verified() ? DONE : FAILED;
    }
}
