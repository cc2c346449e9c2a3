package io.turboqueue.examples.kafka;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A set of offsets, kept as runs without a gap: {@code 0-4999,6000}. What comes in order is one run however long; what
 * comes out of order, or is missing, makes more. Not thread-safe.
 */
final class OffsetRanges {

    /** The last offset of each run by its first. */
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    /** The opposite of {@link #text}. */
    static OffsetRanges parse(String text) {
        OffsetRanges ranges = new OffsetRanges();
        for (String run : text.split(",", -1)) {
            if (!run.isEmpty()) {
                int dash = run.indexOf('-');
                long first = Long.parseLong(dash < 0 ? run : run.substring(0, dash));
                ranges.add(first, dash < 0 ? first : Long.parseLong(run.substring(dash + 1)));
            }
        }
        return ranges;
    }

    OffsetRanges copy() {
        OffsetRanges copy = new OffsetRanges();
        copy.runs.putAll(runs);
        return copy;
    }

    boolean contains(long offset) {
        Map.Entry<Long, Long> run = runs.floorEntry(offset);
        return run != null && run.getValue() >= offset;
    }

    /** Adds all offsets from the first to the last, both included. */
    void add(long first, long last) {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("offsets " + first + " to " + last + " are no range");
        }
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = runs.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        Map.Entry<Long, Long> next = runs.ceilingEntry(from);
        while (next != null && next.getKey() <= to + 1) {
            to = Math.max(to, next.getValue());
            runs.remove(next.getKey());
            next = runs.ceilingEntry(from);
        }
        runs.put(from, to);
    }

    void addAll(OffsetRanges other) {
        other.runs.forEach(this::add);
    }

    /** Those from the first to the last, both included. */
    OffsetRanges within(long first, long last) {
        OffsetRanges within = new OffsetRanges();
        Map.Entry<Long, Long> before = runs.lowerEntry(first);
        if (before != null && before.getValue() >= first) {
            within.runs.put(first, Math.min(last, before.getValue()));
        }
        runs.subMap(first, true, last, true).forEach((from, to) -> within.runs.put(from, Math.min(last, to)));
        return within;
    }

    /**
     * Where this many runs end, counted from the first; the last offset of all if there are fewer, -1 if there is none.
     */
    long endOfFirst(int count) {
        return runs.values().stream().limit(count).reduce(-1L, (before, end) -> end);
    }

    /** How many runs. */
    int size() {
        return runs.size();
    }

    String text() {
        StringJoiner text = new StringJoiner(",");
        runs.forEach((first, last) -> text.add(first.equals(last) ? Long.toString(first) : first + "-" + last));
        return text.toString();
    }

    @Override
    public String toString() {
        return "[" + text() + "]";
    }
}
