package io.turboqueue.scan;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.StateStats;
import io.turboqueue.layout.BatchName;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Counts the batches of one queue. Not thread-safe. */
final class Tally {

    private final Map<BatchState, Sum> sums = new EnumMap<>(BatchState.class);
    private long foreign;

    void add(BatchEntry entry) {
        sums.computeIfAbsent(entry.state(), state -> new Sum()).add(entry.name());
    }

    void addForeign() {
        foreign++;
    }

    QueueStats stats(boolean paused) {
        Map<BatchState, StateStats> states = new EnumMap<>(BatchState.class);
        sums.forEach((state, sum) -> states.put(state, sum.stats()));
        return new QueueStats(states, foreign, paused);
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
