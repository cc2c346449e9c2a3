package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import io.turboqueue.examples.kafka.Delivery.PassingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Sends messages to the out-topic, waits for all acknowledgements, and sorts the failures. Not thread-safe. */
final class RecordWriter implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final String topic;
    private final KafkaProducer<byte @Nullable [], byte @Nullable []> producer;

    RecordWriter(String topic, KafkaProducer<byte @Nullable [], byte @Nullable []> producer) {
        this.topic = topic;
        this.producer = producer;
    }

    KafkaProducer<byte @Nullable [], byte @Nullable []> producer() {
        return producer;
    }

    /**
     * Which messages were not taken, at what errors: none if all of them were.
     *
     * @param refused the record itself is at fault
     * @param bystanders failed along with one of those
     * @param records how many were acknowledged
     */
    record Failures(Map<Message<byte[]>, Exception> refused, List<Message<byte[]>> bystanders, int records) {

        boolean none() {
            return refused.isEmpty() && bystanders.isEmpty();
        }
    }

    /** Sends them and waits; every message that is not among the failures is acknowledged. */
    Failures write(List<Message<byte[]>> messages) throws PipelineException, PassingException, InterruptedException {
        Map<Integer, Exception> errors = new ConcurrentHashMap<>();
        AtomicInteger acknowledged = new AtomicInteger();
        try {
            for (int i = 0; i < messages.size(); i++) {
                send(messages.get(i), i, errors, acknowledged);
            }
            producer.flush();
        } catch (InterruptException interrupted) {
            throw new InterruptedException(interrupted.getMessage());
        }
        return sorted(messages, errors, acknowledged.get());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells
    private void send(Message<byte[]> message, int index, Map<Integer, Exception> errors, AtomicInteger acknowledged) {
        try {
            for (ProducerRecord<byte @Nullable [], byte @Nullable []> record : Results.records(topic, message)) {
                producer.send(record, (written, error) -> {
                    if (error == null) {
                        acknowledged.incrementAndGet();
                    } else {
                        errors.put(index, error);
                    }
                });
            }
        } catch (InterruptException interrupted) {
            throw interrupted;
        } catch (KafkaException notEvenTried) {
            errors.put(index, notEvenTried);
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            errors.put(index, new SerializationException("no record can be made of the message", notOurs));
        }
    }

    private Failures sorted(List<Message<byte[]>> messages, Map<Integer, Exception> errors, int records)
            throws PipelineException, PassingException {
        Map<Message<byte[]>, Exception> refused = new HashMap<>();
        List<Message<byte[]>> bystanders = new ArrayList<>();
        Exception example = null;
        for (Map.Entry<Integer, Exception> error : errors.entrySet()) {
            Message<byte[]> message = messages.get(error.getKey());
            switch (KafkaErrors.of(error.getValue())) {
                case STOP -> throw stopped(topic, error.getValue());
                case PASSING -> throw new PassingException(error.getValue());
                case RECORD -> refused.put(message, error.getValue());
                case BYSTANDER -> {
                    bystanders.add(message);
                    example = error.getValue();
                }
            }
        }
        if (refused.isEmpty() && example != null) {
            throw new PassingException(example); // with nobody at fault, the producer itself is in a bad state
        }
        return new Failures(refused, bystanders, records);
    }

    static PipelineException stopped(String topic, Exception error) {
        return new PipelineException("topic \"" + topic + "\" takes no records: " + KafkaErrors.sentence(error), error);
    }

    /** Those that are not in the map. */
    static List<Message<byte[]>> without(List<Message<byte[]>> messages, Map<Message<byte[]>, Exception> refused) {
        Set<Message<byte[]>> gone = new HashSet<>(refused.keySet());
        return messages.stream().filter(message -> !gone.contains(message)).toList();
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
