package io.turboqueue.examples.kafka;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way through the pipeline: a Kafka record's key, value, headers and timestamp. Immutable, as long as nobody
 * writes to its arrays; they are not copied.
 */
public final class Event {

    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final List<Header> headers;
    private final Instant time;

    Event(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers, Instant time) {
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
        this.time = time;
    }

    /**
     * A header of the record.
     *
     * @param name its name; a record may have several headers of one name
     * @param value its value; may be null
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Header(String name, byte @Nullable [] value) {

        /** Checks that there is a name. */
        public Header {
            Objects.requireNonNull(name, "a header's name must not be null");
        }
    }

    /**
     * The record's key.
     *
     * @return null if it has none
     */
    public byte @Nullable [] key() {
        return key;
    }

    /**
     * The record's value.
     *
     * @return null if it has none: the record is a tombstone
     */
    public byte @Nullable [] value() {
        return value;
    }

    /**
     * The record's headers, in their order.
     *
     * @return an immutable list
     */
    public List<Header> headers() {
        return headers;
    }

    /** The record's timestamp; for a record without one, when it was read. */
    public Instant time() {
        return time;
    }

    /**
     * The same event with another key.
     *
     * @param other null for none
     */
    public Event withKey(byte @Nullable [] other) {
        return new Event(other, value, headers, time);
    }

    /**
     * The same event with another value.
     *
     * @param other null for a tombstone
     */
    public Event withValue(byte @Nullable [] other) {
        return new Event(key, other, headers, time);
    }

    /** The same event with another timestamp. */
    public Event withTime(Instant other) {
        return new Event(key, value, headers, Objects.requireNonNull(other, "the time must not be null"));
    }

    /**
     * The same event with one more header, after those it has.
     *
     * @param headerValue may be null
     */
    public Event withHeader(String name, byte @Nullable [] headerValue) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, headerValue));
        return new Event(key, value, more, time);
    }

    /** The same event without the headers of that name. */
    public Event withoutHeader(String name) {
        return new Event(
                key,
                value,
                headers.stream().filter(header -> !header.name.equals(name)).toList(),
                time);
    }
}
