package io.turboqueue.examples.kafka;

import io.turboqueue.Message;
import io.turboqueue.SendOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The results of one event, as one message of the out-queue: so they stay together, and the way out writes and remembers all
 * of them or none. One result is a message like the event's own. None or several are a JSON array, and the header
 * {@code kafka.results} says how many.
 *
 * @param payload the message's
 * @param options the message's key, headers and time; with where the event stood in its topic
 * @param count how many results
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Results(byte[] payload, SendOptions options, int count) {

    private static final String COUNT = "kafka.results";

    /**
     * The message for these results.
     *
     * @param source the headers of the event's message
     * @throws IllegalArgumentException if no message can hold them
     */
    static Results of(@Nullable List<Event> results, Map<String, String> source) {
        Objects.requireNonNull(results, "the work returned null, not a list of results");
        if (results.size() == 1) {
            Event only = Objects.requireNonNull(results.get(0), "the work returned a list with null in it");
            return new Results(EventHeaders.payload(only.value()), withSource(EventHeaders.options(only), source), 1);
        }
        SendOptions options = SendOptions.create().header(COUNT, Integer.toString(results.size()));
        return new Results(EventJson.write(results), withSource(options, source), results.size());
    }

    private static SendOptions withSource(SendOptions options, Map<String, String> source) {
        SendOptions all = options;
        for (String name : List.of(SourceOffset.BATCH, SourceOffset.OFFSET)) {
            String value = source.get(name);
            if (value != null) {
                all = all.header(name, value);
            }
        }
        return all;
    }

    /**
     * The records for a message of the out-queue.
     *
     * @throws IllegalArgumentException if it is none of the pipeline's
     */
    static List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records(String topic, Message<byte[]> message) {
        Map<String, String> headers = message.headers();
        List<Event> results = headers.containsKey(COUNT)
                ? EventJson.read(message.payload())
                : List.of(EventHeaders.event(message, headers));
        return results.stream()
                .map(result -> EventHeaders.record(topic, result, headers))
                .toList();
    }
}
