package io.turboqueue.examples.kafka;

import io.turboqueue.examples.kafka.Delivery.PassingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which source offsets have their results in the out-topic. It is kept in a compacted topic of its own, the
 * ledger, and written in the same transactions as the results: both are there, or neither. Not thread-safe.
 *
 * <p>A record of it is {@code TRANSACTIONAL-ID/TOPIC:ID:PARTITION} to {@code 0-4999,6000-6999}. Results come in any order,
 * so beside the run from the beginning there is one for each batch that came early, and a gap for each event that became a
 * dead letter. Runs that are many are spread over more records, {@code TRANSACTIONAL-ID/TOPIC:ID:PARTITION#SECTION}; see
 * {@link WrittenOffsets}.
 */
final class Ledger {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final char SECTION = '#';

    private final String topic;
    private final String writer;
    private final Map<SourcePartition, WrittenOffsets> written = new HashMap<>();

    private Ledger(String topic, String writer) {
        this.topic = topic;
        this.writer = writer;
    }

    /**
     * Reads all of it. The transactions of an earlier process must be ended by now; those of other hosts are waited for.
     *
     * @throws PassingException if that takes too long
     */
    static Ledger read(PipelineSettings settings)
            throws IOException, PipelineException, PassingException, InterruptedException {
        Ledger ledger = new Ledger(settings.ledgerTopic(), settings.transactionalId());
        try (Topics topics = Topics.open(settings);
                KafkaConsumer<byte @Nullable [], byte @Nullable []> reader =
                        KafkaClients.of(settings).reader(true)) {
            ledger.readTo(topics.ends(settings.ledgerTopic()), reader);
        } catch (InterruptException interrupted) {
            throw new InterruptedException(interrupted.getMessage());
        } catch (KafkaException failed) {
            throw new PassingException(failed);
        }
        return ledger;
    }

    /** The ends count what is not committed, so that everything committed before is behind them. */
    private void readTo(Map<TopicPartition, Long> ends, KafkaConsumer<byte @Nullable [], byte @Nullable []> reader)
            throws PassingException {
        reader.assign(ends.keySet());
        reader.seekToBeginning(ends.keySet());
        List<TopicPartition> left = new ArrayList<>(ends.keySet());
        long start = System.nanoTime();
        while (!left.isEmpty()) {
            reader.poll(POLL).forEach(this::remember);
            left.removeIf(partition -> reader.position(partition) >= ends.getOrDefault(partition, 0L));
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new PassingException(
                        new TimeoutException("ledger topic \"" + topic + "\" was not read to its end in " + PATIENCE));
            }
        }
    }

    private void remember(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        byte[] key = record.key();
        if (key == null) {
            return;
        }
        String name = text(key);
        int partition = name.lastIndexOf('/') + 1;
        int section = name.indexOf(SECTION, partition);
        String base = name.substring(partition, section < 0 ? name.length() : section);
        byte[] value = record.value();
        written.computeIfAbsent(SourcePartition.parse(base), any -> new WrittenOffsets())
                .read(
                        section < 0 ? WrittenOffsets.BASE : name.substring(section + 1),
                        value == null ? null : text(value));
    }

    /** What is written of a partition, to be looked at. */
    OffsetRanges written(SourcePartition partition) {
        return of(partition).ranges();
    }

    private WrittenOffsets of(SourcePartition partition) {
        return written.getOrDefault(partition, new WrittenOffsets());
    }

    /**
     * What a transaction adds.
     *
     * @param written what is written of the partitions in it, once it is committed
     * @param records the records that say so, to be sent in the transaction
     */
    record Addition(
            Map<SourcePartition, WrittenOffsets> written,
            List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records) {}

    /**
     * Prepares the note that these are written too.
     *
     * @throws PipelineException if there are too many gaps to be noted
     */
    Addition addition(Collection<SourceOffset> more) throws PipelineException {
        Map<SourcePartition, List<SourceOffset>> byPartition =
                more.stream().collect(Collectors.groupingBy(SourceOffset::partition));
        Map<SourcePartition, WrittenOffsets> after = new HashMap<>();
        List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        for (Map.Entry<SourcePartition, List<SourceOffset>> entry : byPartition.entrySet()) {
            WrittenOffsets offsets = of(entry.getKey()).with(entry.getValue());
            after.put(entry.getKey(), offsets);
            String base = writer + "/" + entry.getKey().text();
            offsets.records(entry.getValue()).forEach((section, text) -> {
                String name = section.equals(WrittenOffsets.BASE) ? base : base + SECTION + section;
                records.add(new ProducerRecord<>(topic, bytes(name), text == null ? null : bytes(text)));
            });
        }
        return new Addition(after, records);
    }

    /** They are written: the transaction is committed. */
    void add(Addition committed) {
        written.putAll(committed.written());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
