package io.turboqueue;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.layout.BatchName;
import io.turboqueue.text.Printable;
import io.turboqueue.text.WellFormedText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may go with a message. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * producer.send(flight, SendOptions.create().key("LAX-JFK").priority(1).delay(Duration.ofMinutes(5)));
 * }</pre>
 */
public final class SendOptions {

    private static final SendOptions NONE =
            new SendOptions(new Labels(null, null, null, Map.of()), BatchName.DEFAULT_PRIORITY, Duration.ZERO, null);
    private static final int MAX_IDENTITY = 255;
    private static final Duration MAX_DELAY = Duration.ofDays(3650);
    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final Labels labels;
    private final int priority;
    private final Duration delay;
    private final @Nullable Instant time;

    /**
     * What goes into the message.
     *
     * @param key the key as text, or null
     * @param noText the key, if it is not text
     * @param json headers as the text of a JSON object, or null
     * @param headers headers to add to these
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Labels(
            @Nullable String key,
            byte @Nullable [] noText,
            @Nullable String json,
            Map<String, String> headers) {

        Labels with(String name, String value) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put(name, value);
            return new Labels(key, noText, json, all);
        }

        @Nullable
        String headersJson() {
            return json == null || headers.isEmpty()
                    ? json == null ? Headers.format(headers) : json
                    : Headers.with(json, headers);
        }
    }

    private SendOptions(Labels labels, int priority, Duration delay, @Nullable Instant time) {
        this.labels = labels;
        this.priority = priority;
        this.delay = delay;
        this.time = time;
    }

    private SendOptions with(Labels other) {
        return new SendOptions(other, priority, delay, time);
    }

    /**
     * The defaults: without a key, headers or a delay, and with priority 5.
     *
     * @return the defaults
     */
    public static SendOptions create() {
        return NONE;
    }

    /**
     * Sets the key. The queue stores it and hands it to consumers; {@link WorkerOptions#orderedByKey} orders by it.
     *
     * @param key any text, also empty; not null
     * @return a changed copy
     * @throws IllegalArgumentException if it contains an unpaired surrogate, which cannot be stored
     */
    public SendOptions key(String key) {
        String text = WellFormedText.require("key", Objects.requireNonNull(key, "key"));
        return with(new Labels(text, null, labels.json, labels.headers));
    }

    /**
     * Sets a key that does not have to be text. A key that is valid UTF-8 is the same as {@link #key} with that text.
     *
     * @param key any bytes, which are copied; not null
     * @return a changed copy
     */
    public SendOptions keyBytes(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), key);
        return with(new Labels(isText ? text : null, isText ? null : key.clone(), labels.json, labels.headers));
    }

    /**
     * Adds a header, or replaces the one with that name.
     *
     * @param name the name; names that start with {@code turboqueue.} are reserved for the queue
     * @param value the value; not null
     * @return a changed copy
     * @throws IllegalArgumentException if the name is reserved, or the name or value contains an unpaired surrogate,
     *     which cannot be stored
     */
    public SendOptions header(String name, String value) {
        if (name.startsWith(Headers.OWN)) {
            throw new IllegalArgumentException(
                    "header \"" + name + "\" is not allowed: names starting with turboqueue. are the queue's own");
        }
        requireWellFormed(name, Objects.requireNonNull(value, "value"));
        return with(labels.with(name, value));
    }

    private static void requireWellFormed(String name, String value) {
        WellFormedText.require("header name", name);
        WellFormedText.require("the value of header \"" + Printable.of(name) + "\"", value);
    }

    /**
     * Adds the headers of another message, as {@link Message#headersJson} returns them; those already set with the same
     * names are replaced. Values that are not strings stay as they are written. The headers in which the queue recorded
     * that message's failures and identity are left out.
     *
     * @param object the text of a JSON object; not null
     * @return a changed copy
     * @throws IllegalArgumentException if it is not a JSON object, or contains an unpaired surrogate
     */
    public SendOptions headersJson(String object) {
        Map<String, String> written = Headers.asWritten(WellFormedText.require("headers", object));
        Headers.parse(object)
                .forEach(SendOptions::requireWellFormed); // an escape in JSON can hide half a surrogate pair
        Map<String, String> others = new LinkedHashMap<>(labels.headers);
        others.keySet().removeAll(written.keySet());
        return with(new Labels(labels.key, labels.noText, Headers.formatWritten(written), others));
    }

    /**
     * Sets the identity that {@link Message#identity} returns, instead of the batch and position: an order number, for
     * example, by which consumers recognise a message that you send twice. The queue itself delivers both.
     *
     * @param identity 1 to 255 characters
     * @return a changed copy
     * @throws IllegalArgumentException if it is empty or too long, or contains an unpaired surrogate
     */
    public SendOptions identity(String identity) {
        if (identity.isEmpty() || identity.length() > MAX_IDENTITY) {
            throw new IllegalArgumentException("an identity of " + identity.length()
                    + " characters is not allowed: it must have 1 to " + MAX_IDENTITY);
        }
        return with(labels.with(Headers.ID, WellFormedText.require("identity", identity)));
    }

    /**
     * Sets the priority.
     *
     * @param priority from 0, which is claimed first, to 9; the default is 5
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of range
     */
    public SendOptions priority(int priority) {
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("priority " + priority + " is not allowed: it must be from 0 to 9");
        }
        return new SendOptions(labels, priority, delay, time);
    }

    /**
     * Sets the least time until the message is delivered. It is delivered at most {@code batch.linger} later than that,
     * because delayed messages are batched too.
     *
     * @param delay from zero to 3650 days; in milliseconds, any smaller part is ignored
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative or too long
     */
    public SendOptions delay(Duration delay) {
        return new SendOptions(labels, priority, requireDelay(delay), time);
    }

    /**
     * Sets the message's time, for example when the event happened. The default is the time at which it is sent.
     *
     * @param time the time; in milliseconds, any smaller part is ignored
     * @return a changed copy
     * @throws IllegalArgumentException if its milliseconds since 1970 do not fit in a {@code long}, as with
     *     {@link Instant#MAX}
     */
    public SendOptions time(Instant time) {
        return new SendOptions(labels, priority, delay, requireTime(time));
    }

    private static Instant requireTime(Instant time) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException(
                    "time " + time + " is not allowed: it must be from " + EARLIEST + " to " + LATEST);
        }
        return time;
    }

    static Duration requireDelay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException(
                    "delay " + delay + " is not allowed: it must be from zero to " + MAX_DELAY.toDays() + " days");
        }
        return delay;
    }

    /** The message with this payload. */
    StoredMessage message(long timeMillis, byte[] payload, boolean text) {
        return labels.noText == null
                ? new StoredMessage(timeMillis, labels.key, labels.headersJson(), payload, text)
                : StoredMessage.withKeyBytes(timeMillis, labels.noText, labels.headersJson(), payload, text);
    }

    int priority() {
        return priority;
    }

    Duration delay() {
        return delay;
    }

    /** The message's time in milliseconds since the epoch. */
    long timeMillis(InstantSource clock) {
        return time == null ? clock.millis() : time.toEpochMilli();
    }
}
