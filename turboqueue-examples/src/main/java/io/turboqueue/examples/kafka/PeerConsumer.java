package io.turboqueue.examples.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;

/**
 * The same job without a queue, to compare with: a group member that polls, does the work with that many threads, writes the
 * results, and commits when all of them are acknowledged. At least once, like the pipeline.
 */
final class PeerConsumer {

    private static final Duration POLL = Duration.ofMillis(100);

    private final PipelineProcess process;
    private final int threads;
    private final ExecutorService pool;
    private final KafkaProducer<byte @Nullable [], byte @Nullable []> producer;
    private final List<EventWork> works = new ArrayList<>();

    private PeerConsumer(
            PipelineProcess process,
            int threads,
            ExecutorService pool,
            KafkaProducer<byte @Nullable [], byte @Nullable []> producer)
            throws IOException, PipelineException {
        this.process = process;
        this.threads = threads;
        this.pool = pool;
        this.producer = producer;
        for (int i = 0; i < threads; i++) {
            CpuCost cost = new CpuCost(process.settings().workCpu());
            EventWork work = WorkClass.find(process.settings()).open();
            works.add(value -> {
                cost.burn();
                return work.apply(value);
            });
        }
    }

    /** Runs one: {@code SETTINGS-FILE NUMBER THREADS}. */
    public static void main(String[] args) throws IOException, InterruptedException, PipelineException {
        int threads = Integer.parseInt(args[2]);
        PipelineProcess.run(args, process -> run(process, threads));
    }

    private static void run(PipelineProcess process, int threads)
            throws IOException, InterruptedException, PipelineException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        KafkaClients clients = KafkaClients.of(process.settings());
        try (KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer = clients.member(process.number());
                KafkaProducer<byte @Nullable [], byte @Nullable []> producer = clients.producer()) {
            consumer.subscribe(List.of(process.settings().inTopic()));
            PeerConsumer peer = new PeerConsumer(process, threads, pool, producer);
            while (!process.stop().given()) {
                ConsumerRecords<byte @Nullable [], byte @Nullable []> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    peer.handle(records);
                    commit(consumer);
                }
            }
        } finally {
            pool.shutdown();
        }
    }

    private static void commit(KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer) {
        try {
            consumer.commitSync();
        } catch (RebalanceInProgressException later) {
            // the next one makes it good
        }
    }

    private void handle(ConsumerRecords<byte @Nullable [], byte @Nullable []> records)
            throws IOException, InterruptedException {
        process.progress().received(records.count());
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> all = new ArrayList<>(records.count());
        records.forEach(all::add);
        List<Callable<Void>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            EventWork work = works.get(i);
            List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> part =
                    all.subList(all.size() * i / threads, all.size() * (i + 1) / threads);
            parts.add(() -> handle(part, work));
        }
        try {
            for (Future<Void> part : pool.invokeAll(parts)) {
                part.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException("an event could not be worked on", failed);
        }
        producer.flush();
        process.progress().sent(records.count());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // only a measurement; a record that fails keeps it from ending
    private @Nullable Void handle(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> part, EventWork work)
            throws Exception {
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : part) {
            byte[] result = work.apply(EventHeaders.payload(record.value()));
            producer.send(new ProducerRecord<>(
                    process.settings().outTopic(), null, record.timestamp(), record.key(), result, record.headers()));
        }
        return null;
    }
}
