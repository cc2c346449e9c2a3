package io.turboqueue.layout;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A producer's batch ids: its 65 random bits and a counter. Thread-safe. */
public final class BatchIds {

    private static final int PRODUCER_LENGTH = 13;

    private static final Pattern MADE_HERE = Pattern.compile("([0-9a-z]{" + PRODUCER_LENGTH + "})-([0-9a-f]{8,16})");

    private final String producer = RandomText.of(PRODUCER_LENGTH);
    private final AtomicLong sequence = new AtomicLong();

    /**
     * An id as this library makes it, taken apart.
     *
     * @param producer the random part
     * @param sequence the producer's batches before this one
     */
    public record Parts(String producer, long sequence) {}

    /** What an id was made of; empty if it was not made here, as other programs may choose any. */
    public static Optional<Parts> parse(String id) {
        Matcher matcher = MADE_HERE.matcher(id);
        return matcher.matches()
                ? Optional.of(new Parts(matcher.group(1), Long.parseUnsignedLong(matcher.group(2), 16)))
                : Optional.empty();
    }

    /** An id that never occurred and never will again. */
    public String next() {
        return producer + "-" + HexText.of(sequence.getAndIncrement());
    }
}
