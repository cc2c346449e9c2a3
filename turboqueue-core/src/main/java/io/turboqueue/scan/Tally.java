package io.turboqueue.scan;

import io.turboqueue.inspect.Place;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.StateStats;
import io.turboqueue.layout.BatchName;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Counts the batches of one queue. Not thread-safe. */
final class Tally {

    private final Map<Place, Sum> sums = new EnumMap<>(Place.class);
    private long foreign;

    void add(BatchEntry entry) {
        sums.computeIfAbsent(entry.place(), place -> new Sum()).add(entry.name());
    }

    void addForeign() {
        foreign++;
    }

    QueueStats stats(boolean paused) {
        Map<Place, StateStats> places = new EnumMap<>(Place.class);
        sums.forEach((place, sum) -> places.put(place, sum.stats()));
        return new QueueStats(places, foreign, paused);
    }

    /** Plain fields: a queue may hold a million batches. */
    private static final class Sum {
        private long batches;
        private long messages;
        private long bytes;
        private long oldestMillis = Long.MAX_VALUE;

        void add(BatchName name) {
            batches++;
            messages += name.messages();
            bytes += name.bytes();
            oldestMillis = Math.min(oldestMillis, name.dueMillis());
        }

        StateStats stats() {
            return new StateStats(batches, messages, bytes, Optional.of(Instant.ofEpochMilli(oldestMillis)));
        }
    }
}
