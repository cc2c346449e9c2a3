package io.turboqueue.cli.inspect;

import io.turboqueue.cli.text.Json;
import io.turboqueue.inspect.BatchInfo;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.SpoolSnapshot;
import io.turboqueue.inspect.StateStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows and JSON of a snapshot.
 *
 * @param snapshot what is shown
 */
record SnapshotView(SpoolSnapshot snapshot) {

    /** A line of the table: one state of one queue. */
    record Row(String queue, BatchState state, StateStats stats, QueueStats all, Instant time) {
        @Nullable
        Duration age() {
            return stats.oldest().map(oldest -> Duration.between(oldest, time)).orElse(null);
        }

        String label() {
            return state.word() + (state == BatchState.READY && all.paused() ? " (paused)" : "");
        }
    }

    /** Every state that holds something, and {@code ready} always. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        snapshot.queues().forEach((queue, stats) -> {
            for (BatchState state : BatchState.values()) {
                if (state == BatchState.READY || stats.of(state).batches() > 0) {
                    rows.add(new Row(queue, state, stats.of(state), stats, snapshot.time()));
                }
            }
        });
        return rows;
    }

    /** How long an owner has held its oldest claim. */
    @Nullable
    Duration heldFor(OwnerInfo owner) {
        return owner.holdings()
                .since()
                .map(since -> Duration.between(since, snapshot.time()))
                .orElse(null);
    }

    /** Such as {@code flights 2, mails 1}. */
    static String holdings(OwnerInfo owner) {
        return claimsByQueue(owner).entrySet().stream()
                .map(claims -> claims.getKey() + " " + claims.getValue())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Long> claimsByQueue(OwnerInfo owner) {
        return owner.claims().stream()
                .collect(Collectors.groupingBy(BatchInfo::queue, TreeMap::new, Collectors.counting()));
    }

    Map<String, @Nullable Object> queueJson(String queue, QueueStats stats) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("queue", queue);
        fields.put("paused", stats.paused());
        fields.put("foreign", stats.foreign());
        for (BatchState state : BatchState.values()) {
            StateStats found = stats.of(state);
            fields.put(
                    state.word(),
                    Json.object(
                            "batches", found.batches(),
                            "messages", found.messages(),
                            "bytes", found.bytes(),
                            "oldest", found.oldest().orElse(null)));
        }
        return fields;
    }

    /** Null where it is not known. */
    private static @Nullable Boolean alive(OwnerInfo owner) {
        return switch (owner.status()) {
            case ALIVE -> true;
            case DEAD -> false;
            case IN_QUESTION, SILENT, UNKNOWN -> null;
        };
    }

    Map<String, @Nullable Object> ownerJson(OwnerInfo owner) {
        Duration held = heldFor(owner);
        return Json.object(
                "owner", owner.directory(),
                "pid", owner.pid(),
                "alive", alive(owner),
                "state", owner.status().word(),
                "claimed", owner.claims().size(),
                "loading", owner.holdings().filling().size(),
                "heldForSeconds", held == null ? null : held.toMillis() / 1000.0,
                "claims", claimsByQueue(owner));
    }
}
