package io.turboqueue.cli.inspect;

import io.turboqueue.cli.text.Json;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.StateStats;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.OwnerStats;
import io.turboqueue.scan.SpoolScan;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is in a spool at a time.
 *
 * @param time when
 * @param queues each queue's numbers
 * @param unreadable why other queues could not be looked at
 * @param owners the processes' owner directories
 */
record Snapshot(
        Instant time, Map<QueueName, QueueStats> queues, Map<QueueName, String> unreadable, List<OwnerStats> owners) {

    /** A queue whose folders cannot be listed hides none of the others. */
    static Snapshot take(SpoolScan scan, Collection<QueueName> queues, Instant time) throws IOException {
        Map<QueueName, String> unreadable = new LinkedHashMap<>();
        Map<QueueName, QueueStats> stats;
        try {
            stats = scan.stats(queues);
        } catch (IOException oneOrMore) {
            stats = oneByOne(scan, queues, unreadable);
        }
        return new Snapshot(time, stats, unreadable, scan.owners());
    }

    private static Map<QueueName, QueueStats> oneByOne(
            SpoolScan scan, Collection<QueueName> queues, Map<QueueName, String> unreadable) {
        Map<QueueName, QueueStats> stats = new LinkedHashMap<>();
        for (QueueName queue : queues) {
            try {
                stats.put(queue, scan.stats(queue));
            } catch (IOException failed) {
                unreadable.put(queue, Printable.of(String.valueOf(failed.getMessage())));
            }
        }
        return stats;
    }

    /** A line of the table: one state of one queue. */
    record Row(QueueName queue, BatchState state, StateStats stats, QueueStats all, Instant time) {
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
        queues.forEach((queue, stats) -> {
            for (BatchState state : BatchState.values()) {
                if (state == BatchState.READY || stats.of(state).batches() > 0) {
                    rows.add(new Row(queue, state, stats.of(state), stats, time));
                }
            }
        });
        return rows;
    }

    /** How long an owner has held its oldest claim. */
    @Nullable
    Duration heldFor(OwnerStats owner) {
        return owner.since().map(since -> Duration.between(since, time)).orElse(null);
    }

    /** Such as {@code flights 2, mails 1}. */
    static String holdings(OwnerStats owner) {
        return claimsByQueue(owner).entrySet().stream()
                .map(claims -> claims.getKey() + " " + claims.getValue())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Long> claimsByQueue(OwnerStats owner) {
        return owner.claims().stream()
                .collect(Collectors.groupingBy(
                        (BatchEntry claim) -> claim.queue().text(), TreeMap::new, Collectors.counting()));
    }

    Map<String, @Nullable Object> queueJson(QueueName queue, QueueStats stats) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("queue", queue.text());
        fields.put("paused", stats.paused());
        fields.put("foreign", stats.foreign());
        for (BatchState state : BatchState.values()) {
            StateStats found = stats.of(state);
            fields.put(
                    state.name().toLowerCase(Locale.ROOT),
                    Json.object(
                            "batches", found.batches(),
                            "messages", found.messages(),
                            "bytes", found.bytes(),
                            "oldest", found.oldest().orElse(null)));
        }
        return fields;
    }

    /** Null where it is not known. */
    private static @Nullable Boolean alive(OwnerStats owner) {
        return switch (owner.owner()) {
            case ALIVE -> true;
            case DEAD -> false;
            case IN_QUESTION, SILENT, UNKNOWN -> null;
        };
    }

    Map<String, @Nullable Object> ownerJson(OwnerStats owner) {
        Duration held = heldFor(owner);
        return Json.object(
                "owner", owner.name().format(),
                "pid", owner.pid(),
                "alive", alive(owner),
                "state", owner.owner().word(),
                "claimed", owner.claims().size(),
                "loading", owner.loading().size(),
                "heldForSeconds", held == null ? null : held.toMillis() / 1000.0,
                "claims", claimsByQueue(owner));
    }
}
