package io.turboqueue;

import io.turboqueue.directory.BatchName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may go with a message. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * producer.send(flight, SendOptions.create().key("LAX-JFK").priority(1).delay(Duration.ofMinutes(5)));
 * }</pre>
 */
public final class SendOptions {

    private static final SendOptions NONE =
            new SendOptions(null, Map.of(), BatchName.DEFAULT_PRIORITY, Duration.ZERO, null);
    private static final Duration LONGEST_DELAY = Duration.ofDays(3650);

    private final @Nullable String key;
    private final Map<String, String> headers;
    private final int priority;
    private final Duration delay;
    private final @Nullable Instant time;

    private SendOptions(
            @Nullable String key, Map<String, String> headers, int priority, Duration delay, @Nullable Instant time) {
        this.key = key;
        this.headers = headers;
        this.priority = priority;
        this.delay = delay;
        this.time = time;
    }

    /** No key, no headers, priority 5, no delay. */
    public static SendOptions create() {
        return NONE;
    }

    /** With a key, which the queue only carries along. */
    public SendOptions key(String key) {
        return new SendOptions(Objects.requireNonNull(key, "key"), headers, priority, delay, time);
    }

    /** With one more header. Names starting with {@code turboqueue.} are the queue's own. */
    public SendOptions header(String name, String value) {
        if (name.startsWith("turboqueue.")) {
            throw new IllegalArgumentException(
                    "header \"" + name + "\" is not allowed: names starting with turboqueue. are the queue's own");
        }
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, Objects.requireNonNull(value, "value"));
        return new SendOptions(key, all, priority, delay, time);
    }

    /** With a priority from 0, claimed first, to 9. The default is 5. */
    public SendOptions priority(int priority) {
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("priority " + priority + " is not allowed: it must be from 0 to 9");
        }
        return new SendOptions(key, headers, priority, delay, time);
    }

    /**
     * Not to be delivered earlier than after so long, and later by {@code batch.linger} at most, since delayed messages
     * are batched too. From zero to ten years.
     */
    public SendOptions delay(Duration delay) {
        return new SendOptions(key, headers, priority, requireDelay(delay), time);
    }

    /** With the time at which it happened; the default is the time at which it is sent. To the millisecond. */
    public SendOptions time(Instant time) {
        return new SendOptions(key, headers, priority, delay, Objects.requireNonNull(time, "time"));
    }

    static Duration requireDelay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException(
                    "delay " + delay + " is not allowed: it must be from zero to " + LONGEST_DELAY.toDays() + " days");
        }
        return delay;
    }

    @Nullable
    String key() {
        return key;
    }

    @Nullable
    String headersJson() {
        return Headers.format(headers);
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
