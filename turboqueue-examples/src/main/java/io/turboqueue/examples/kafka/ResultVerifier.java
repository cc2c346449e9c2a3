package io.turboqueue.examples.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the out-topic from its beginning, as a consumer that sees only what is committed, and compares each result with
 * what a single thread makes of the same event. Not thread-safe.
 */
final class ResultVerifier implements AutoCloseable {

    private final KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer;
    private final FlightEvents events;
    private final EventWork work;
    private final BitSet seen = new BitSet();
    private long results;
    private long duplicates;
    private String difference = "";

    private ResultVerifier(
            KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer, FlightEvents events, EventWork work) {
        this.consumer = consumer;
        this.events = events;
        this.work = work;
    }

    static ResultVerifier open(PipelineSettings settings) throws IOException, PipelineException, InterruptedException {
        KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer =
                KafkaClients.of(settings).reader(true);
        ResultVerifier check = new ResultVerifier(consumer, new FlightEvents(), new FlightEnrichment());
        try (Topics topics = Topics.open(settings)) {
            consumer.assign(topics.partitions(settings.outTopic()));
            consumer.seekToBeginning(consumer.assignment());
        }
        return check;
    }

    /** Reads what is there within that time; how many results that were. */
    int read(Duration atMost) throws IOException, InterruptedException {
        ConsumerRecords<byte @Nullable [], byte @Nullable []> records;
        try {
            records = consumer.poll(atMost);
        } catch (InterruptException interrupted) {
            throw new InterruptedException(interrupted.getMessage());
        }
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : records) {
            check(record);
        }
        return records.count();
    }

    private void check(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) throws IOException {
        results++;
        long sequence = events.sequence(record.value());
        if (sequence < 0) {
            differ("a result without a sequence number at " + record.partition() + "@" + record.offset());
        } else if (seen.get((int) sequence)) {
            duplicates++;
        } else {
            seen.set((int) sequence);
            compare(sequence, record.value());
        }
    }

    private void compare(long sequence, byte @Nullable [] value) throws IOException {
        try {
            if (!Arrays.equals(work.apply(events.value(sequence)), value)) {
                differ("the result for event " + sequence + " is another one than a single thread makes of it");
            }
        } catch (IOException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IOException("event " + sequence + " cannot be worked on", failed);
        }
    }

    private void differ(String what) {
        if (difference.isEmpty()) {
            difference = what;
        }
    }

    /** How many different events have their result. */
    long events() {
        return seen.cardinality();
    }

    /** Results in all. */
    long results() {
        return results;
    }

    long duplicates() {
        return duplicates;
    }

    /** The first thing that is wrong; empty if there is none. */
    String difference() {
        return difference;
    }

    @Override
    public void close() {
        Interrupts.holdBack(consumer::close);
    }
}
