package io.turboqueue.examples.kafka;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turboqueue.examples.flights.Flight;
import io.turboqueue.examples.flights.Flights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The demo's flights as events: JSON objects, with the route as the key, so that a route's flights share a partition. */
final class FlightEvents {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final JsonMapper json = JsonMapper.builder().build();
    private final Flights flights;

    FlightEvents() throws IOException {
        this.flights = Flights.load();
    }

    /** How many there are before they repeat. */
    int size() {
        return flights.size();
    }

    /** The value of the event of that number, from 0. */
    byte[] value(long sequence) throws IOException {
        return json.writeValueAsBytes(flights.at(sequence));
    }

    /** Writes events into the in-topic, and returns when the brokers have acknowledged all of them. */
    void load(PipelineSettings settings, long first, long next) throws IOException, PipelineException {
        KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                KafkaClients.of(settings).producer();
        try {
            send(producer, settings.inTopic(), first, next);
        } finally {
            Interrupts.holdBack(() -> producer.close(CLOSE_TIMEOUT)); // everything is acknowledged, or has failed
        }
    }

    /** The same with a producer that the caller has. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells
    void send(KafkaProducer<byte @Nullable [], byte @Nullable []> producer, String topic, long first, long next)
            throws IOException, PipelineException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        for (long sequence = first; sequence < next; sequence++) {
            Flight flight = flights.at(sequence);
            byte[] key = (flight.origin() + "-" + flight.destination()).getBytes(StandardCharsets.UTF_8);
            producer.send(
                    new ProducerRecord<>(topic, key, json.writeValueAsBytes(flight)),
                    (written, error) -> failure.compareAndSet(null, error));
        }
        producer.flush();
        Exception error = failure.get();
        if (error != null) {
            throw new PipelineException(
                    "loading topic \"" + topic + "\" failed: " + KafkaErrors.sentence(error), error);
        }
    }

    /** The number of an event, and of its result; -1 for anything else. */
    long sequence(byte @Nullable [] value) throws IOException {
        return value == null ? -1 : json.readTree(value).path("sequence").asLong(-1);
    }
}
