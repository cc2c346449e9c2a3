package io.turboqueue.cli.look;

import io.turboqueue.cli.text.Json;
import io.turboqueue.directory.QueueName;
import io.turboqueue.inspect.BatchEntry;
import io.turboqueue.inspect.DeskStats;
import io.turboqueue.inspect.Place;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.SpoolScan;
import io.turboqueue.inspect.StateStats;
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
 * @param desks the processes' desks
 */
record Snapshot(Instant time, Map<QueueName, QueueStats> queues, List<DeskStats> desks) {

    static Snapshot take(SpoolScan scan, Collection<QueueName> queues, Instant time) throws IOException {
        return new Snapshot(time, scan.stats(queues), scan.desks());
    }

    /** A line of the table: one place of one queue. */
    record Row(QueueName queue, Place place, StateStats stats, QueueStats all, Instant time) {
        @Nullable
        Duration age() {
            return stats.oldest().map(oldest -> Duration.between(oldest, time)).orElse(null);
        }

        String state() {
            return place.word() + (place == Place.READY && all.paused() ? " (paused)" : "");
        }
    }

    /** Every place that holds something, and {@code ready} always. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        queues.forEach((queue, stats) -> {
            for (Place place : Place.values()) {
                if (place == Place.READY || stats.of(place).batches() > 0) {
                    rows.add(new Row(queue, place, stats.of(place), stats, time));
                }
            }
        });
        return rows;
    }

    /** How long a desk has held its oldest claim. */
    @Nullable
    Duration heldFor(DeskStats desk) {
        return desk.since().map(since -> Duration.between(since, time)).orElse(null);
    }

    /** Such as {@code flights 2, mails 1}. */
    static String holdings(DeskStats desk) {
        return claimsByQueue(desk).entrySet().stream()
                .map(claims -> claims.getKey() + " " + claims.getValue())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Long> claimsByQueue(DeskStats desk) {
        return desk.claims().stream()
                .collect(Collectors.groupingBy(
                        (BatchEntry claim) -> claim.queue().text(), TreeMap::new, Collectors.counting()));
    }

    Map<String, @Nullable Object> queueJson(QueueName queue, QueueStats stats) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("queue", queue.text());
        fields.put("paused", stats.paused());
        fields.put("foreign", stats.foreign());
        for (Place place : Place.values()) {
            StateStats found = stats.of(place);
            fields.put(
                    place.name().toLowerCase(Locale.ROOT),
                    Json.object(
                            "batches", found.batches(),
                            "messages", found.messages(),
                            "bytes", found.bytes(),
                            "oldest", found.oldest().orElse(null)));
        }
        return fields;
    }

    Map<String, @Nullable Object> deskJson(DeskStats desk) {
        Duration held = heldFor(desk);
        return Json.object(
                "desk", desk.name(),
                "pid", desk.pid(),
                "alive", desk.owner() == DeskStats.Owner.UNKNOWN ? null : !desk.dead(),
                "claimed", desk.claims().size(),
                "loading", desk.loading().size(),
                "heldForSeconds", held == null ? null : held.toMillis() / 1000.0,
                "claims", claimsByQueue(desk));
    }
}
