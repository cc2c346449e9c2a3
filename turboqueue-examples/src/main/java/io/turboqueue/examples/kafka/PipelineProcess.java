package io.turboqueue.examples.kafka;

import io.turboqueue.Codecs;
import io.turboqueue.OverflowPolicy;
import io.turboqueue.QueueConfig;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import io.turboqueue.examples.StopSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * What the processes of the pipeline have in common.
 *
 * @param settings the pipeline's
 * @param number which process of its kind this is, from 0
 * @param stop says when to end
 * @param progress for the live table
 */
record PipelineProcess(PipelineSettings settings, int number, StopSignal stop, Progress progress) {

    /** How long a process may take to end in order. Less than the group waits before it kills. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration BLOCK = Duration.ofMillis(500);

    /** What a process does until it is asked to stop. */
    interface Body {
        void run(PipelineProcess process) throws IOException, InterruptedException, PipelineException;
    }

    /**
     * Runs the main method of a process: {@code SETTINGS-FILE NUMBER}. What keeps it from going on is printed as a sentence,
     * and the exit status is 1.
     */
    static void run(String[] args, Body body) throws IOException, InterruptedException, PipelineException {
        Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> die(error));
        StopSignal stop = StopSignal.listenFor(Thread.currentThread(), PATIENCE);
        PipelineSettings settings = PipelineSettings.load(Path.of(args[0]), Map.of());
        Progress progress = new Progress(System.out);
        body.run(new PipelineProcess(settings, Integer.parseInt(args[1]), stop, progress));
        progress.tell();
    }

    /** What a process does that only looks whether another could run. */
    interface Check {
        void run(PipelineSettings settings) throws IOException, PipelineException;
    }

    /** Runs a check in place of a process. It ends whatever threads it has started. */
    static void check(String[] args, Check check) throws IOException, PipelineException {
        Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> die(error));
        check.run(PipelineSettings.load(Path.of(args[0]), Map.of()));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Asks until a broker answers; empty if it is time to end. */
    <V> Optional<V> awaitAnswer(Topics.Question<V> question)
            throws IOException, PipelineException, InterruptedException {
        return Topics.awaitAnswer(question, stop::given, sentence -> {
            progress.state("waiting");
            log(sentence);
        });
    }

    /** Ends the process whatever other threads live, such as those that the work started. */
    private static void die(Throwable error) {
        try {
            complain(error);
        } finally {
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void complain(Throwable error) {
        if (error instanceof PipelineException) {
            System.err.println(error.getMessage());
        } else if (error instanceof KafkaException) {
            System.err.println("Kafka: " + KafkaErrors.sentence(error));
        } else {
            error.printStackTrace();
        }
    }

    /** The queue between Kafka and the workers; its producer does not wait when it is full. */
    TurboQueue<byte[]> inQueue(Spool spool) throws IOException {
        QueueConfig config = config().whenFull(OverflowPolicy.FAIL).build();
        return spool.queue(settings.queue() + ".in", Codecs.bytes(), config);
    }

    /** The queue between the workers and Kafka; its producers wait for a while when it is full. */
    TurboQueue<byte[]> outQueue(Spool spool) throws IOException {
        QueueConfig config =
                config().whenFull(OverflowPolicy.BLOCK).blockTimeout(BLOCK).build();
        return spool.queue(settings.queue() + ".out", Codecs.bytes(), config);
    }

    private QueueConfig.Builder config() {
        return QueueConfig.builder()
                .durability(settings.durability())
                .batchMaxMessages(settings.number(PipelineSetting.BATCH_MESSAGES))
                .batchMaxBytes(settings.batchBytes())
                .maxReadyBatches(settings.number(PipelineSetting.MAX_READY_BATCHES))
                .maxAttempts(settings.number(PipelineSetting.MAX_ATTEMPTS));
    }

    /** A line for the log. */
    void log(String line) {
        System.err.println(line);
    }
}
