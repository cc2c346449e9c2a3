package io.turboqueue.cli.inspect;

import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.QueuesVerb;
import io.turboqueue.cli.support.QuitKey;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Json;
import io.turboqueue.cli.text.Table;
import io.turboqueue.cli.text.Units;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.OwnerStats;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Numbers of queues and owners. */
@Command(
        name = "stats",
        header = "Shows what is in each queue, and who owns what is claimed.",
        description =
                "Shows what is in each queue, state by state, and who owns what is claimed; and why the spool is degraded, if its disk is "
                        + "read-only or has one percent left.",
        footer = {"  turboqueue stats", "  turboqueue stats flights --watch", "  turboqueue stats --json"})
public final class Stats extends QueuesVerb {

    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_REST = "\u001b[J";

    @Option(names = "--watch", description = "Show it again and again, with rates in messages per second; q ends it.")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = TimeOption.class,
            description = "How often with --watch; ${DEFAULT-VALUE} by default.")
    private Duration every = Duration.ofSeconds(1);

    @Option(
            names = "--count",
            converter = CountOption.class,
            paramLabel = "N",
            description = "End after so many times with --watch.")
    private long count = Long.MAX_VALUE;

    @Mixin
    private Format format = new Format();

    @Override
    protected Exit run() throws Exception {
        SpoolScan scan = scan();
        if (!watch) {
            Snapshot snapshot = Snapshot.take(scan, queues(), now());
            print(snapshot);
            return snapshot.unreadable().isEmpty() ? Exit.OK : Exit.FAILED;
        }
        watch(scan);
        return Exit.OK;
    }

    private void watch(SpoolScan scan) throws Exception {
        Map<QueueName, FlowRates> flows = new LinkedHashMap<>();
        try (QuitKey quit = QuitKey.open(context())) {
            for (long i = 0; i < count; i++) {
                if (i > 0 && quit.pressedWithin(every.toMillis())) {
                    return;
                }
                look(scan, flows);
            }
        }
    }

    private void look(SpoolScan scan, Map<QueueName, FlowRates> flows) throws IOException, CommandException {
        List<QueueName> queues = queues();
        Snapshot snapshot = Snapshot.take(scan, queues, now());
        Map<QueueName, FlowRates.Rates> rates = new LinkedHashMap<>();
        for (QueueName queue : queues) {
            FlowRates flow = flows.computeIfAbsent(queue, name -> new FlowRates(scan, name));
            if (!snapshot.unreadable().containsKey(queue)) {
                rates.put(queue, flow.look(System.nanoTime()));
            }
        }
        show(snapshot, rates);
        out().flush();
    }

    private void print(Snapshot snapshot) throws IOException {
        if (format.json()) {
            json().line(Json.object(
                    "spool", spoolPath().toString(),
                    "time", snapshot.time(),
                    "queues", queueJson(snapshot, Map.of()),
                    "owners",
                            snapshot.owners().stream().map(snapshot::ownerJson).toList(),
                    "unreadable", unreadableJson(snapshot),
                    "degraded", degraded().orElse(null)));
        } else if (format.ndjson()) {
            Json json = json();
            for (Map<String, @Nullable Object> queue : queueJson(snapshot, Map.of())) {
                json.line(queue);
            }
            for (Map<String, @Nullable Object> queue : unreadableJson(snapshot)) {
                json.line(queue);
            }
            for (OwnerStats owner : snapshot.owners()) {
                json.line(snapshot.ownerJson(owner));
            }
        } else if (context().terminal().out()) {
            for (String line : screen(snapshot)) {
                line(line);
            }
        } else {
            plain(snapshot);
        }
    }

    private static List<Map<String, @Nullable Object>> queueJson(
            Snapshot snapshot, Map<QueueName, FlowRates.Rates> rates) {
        List<Map<String, @Nullable Object>> queues = new ArrayList<>();
        snapshot.queues().forEach((queue, stats) -> {
            Map<String, @Nullable Object> fields = snapshot.queueJson(queue, stats);
            FlowRates.Rates rate = rates.get(queue);
            if (rate != null) {
                fields.put("inPerSecond", rate.in());
                fields.put("outPerSecond", rate.out());
                fields.put("ackedPerSecond", rate.acked());
                fields.put(
                        "emptyInSeconds",
                        rate.emptyIn().map(left -> left.toMillis() / 1000.0).orElse(null));
            }
            queues.add(fields);
        });
        return queues;
    }

    private static List<Map<String, @Nullable Object>> unreadableJson(Snapshot snapshot) {
        List<Map<String, @Nullable Object>> queues = new ArrayList<>();
        snapshot.unreadable()
                .forEach((queue, why) -> queues.add(Json.object("queue", queue.text(), "unreadable", why)));
        return queues;
    }

    private Optional<String> degraded() {
        return DiskFindings.degraded(spoolPath());
    }

    /** The first word tells queues from owners, and from the lines that are there only if something is wrong. */
    private void plain(Snapshot snapshot) throws IOException {
        Optional<String> degraded = degraded();
        if (degraded.isPresent()) {
            line("degraded\t" + degraded.get());
        }
        for (Snapshot.Row row : snapshot.rows()) {
            line("queue\t" + queueTable().plain(row));
        }
        for (Map.Entry<QueueName, String> queue : snapshot.unreadable().entrySet()) {
            line("unreadable\t" + queue.getKey() + "\t" + queue.getValue());
        }
        for (OwnerStats owner : snapshot.owners()) {
            line("owner\t" + ownerTable(snapshot).plain(owner));
        }
    }

    private List<String> screen(Snapshot snapshot) throws IOException {
        List<String> lines = new ArrayList<>();
        degraded().ifPresent(cause -> screenLines("degraded: " + cause).forEach(part -> lines.add(paint().bad(part))));
        if (snapshot.queues().isEmpty() && snapshot.unreadable().isEmpty()) {
            lines.add("no queues in " + spoolPath());
        } else {
            lines.addAll(queueTable().human(snapshot.rows(), times(), paint(), screenColumns()));
        }
        snapshot.unreadable().forEach((queue, why) -> screenLines(queue + " cannot be looked at: " + why)
                .forEach(part -> lines.add(paint().bad(part))));
        snapshot.queues().forEach((queue, stats) -> {
            if (stats.foreign() > 0) {
                String ignored = queue + ": " + Units.count(stats.foreign(), "file")
                        + " that the queue ignores; see 'turboqueue verify'";
                screenLines(ignored).forEach(part -> lines.add(paint().warning(part)));
            }
        });
        if (!snapshot.owners().isEmpty()) {
            lines.add("");
            lines.addAll(ownerTable(snapshot).human(snapshot.owners(), times(), paint(), screenColumns()));
        }
        return lines;
    }

    private static Table<Snapshot.Row> queueTable() {
        return new Table<>(List.of(
                new Column<>("QUEUE", "queue", Style.TEXT, row -> row.queue().text()),
                new Column<>("STATE", "state", Style.TEXT, Snapshot.Row::label),
                new Column<>(
                        "BATCHES", "batches", Style.COUNT, row -> row.stats().batches()),
                new Column<>(
                        "MESSAGES", "messages", Style.COUNT, row -> row.stats().messages()),
                new Column<>("SIZE", "bytes", Style.BYTES, row -> row.stats().bytes()),
                new Column<>("OLDEST", "ageSeconds", Style.AGE, Snapshot.Row::age)));
    }

    private static Table<OwnerStats> ownerTable(Snapshot snapshot) {
        return new Table<>(List.of(
                new Column<>("OWNER", "owner", Style.TEXT, owner -> owner.name().label()),
                new Column<>("PID", "pid", Style.TEXT, OwnerStats::pid),
                new Column<>(
                        "STATE", "state", Style.TEXT, owner -> owner.owner().word()),
                new Column<>("CLAIMED", "claimed", Style.COUNT, owner -> owner.claims()
                        .size()),
                new Column<>("LOADING", "loading", Style.COUNT, owner -> owner.loading()
                        .size()),
                new Column<>("FOR", "heldForSeconds", Style.AGE, snapshot::heldFor),
                new Column<>("HOLDS", "claims", Style.TEXT, Snapshot::holdings)));
    }

    private void show(Snapshot snapshot, Map<QueueName, FlowRates.Rates> rates) throws IOException {
        if (!format.text()) {
            json().line(Json.object(
                    "time", snapshot.time(),
                    "queues", queueJson(snapshot, rates),
                    "degraded", degraded().orElse(null)));
            return;
        }
        List<String> lines = new ArrayList<>();
        String title = times().format(snapshot.time()) + "  " + spoolPath();
        lines.addAll(screenLines(title));
        lines.add("");
        lines.addAll(rateTable().human(List.copyOf(rates.entrySet()), times(), paint(), screenColumns()));
        lines.add("");
        lines.addAll(screen(snapshot));
        lines.add("");
        if (context().terminal().out()) {
            redraw(fitting(lines));
        } else {
            for (String line : lines) {
                line(line);
            }
        }
    }

    /** A screen that scrolls cannot be drawn over. */
    private List<String> fitting(List<String> lines) {
        int most = Math.max(2, context().terminal().rows() - 1);
        if (lines.size() <= most) {
            return lines;
        }
        List<String> fitting = new ArrayList<>(lines.subList(0, most - 1));
        fitting.add("... " + Units.count(lines.size() - most + 1, "more line"));
        return fitting;
    }

    private void redraw(List<String> lines) throws IOException {
        StringBuilder frame = new StringBuilder(HOME);
        for (String line : lines) {
            frame.append(line).append(CLEAR_LINE).append('\n');
        }
        out().write(frame.append(CLEAR_REST).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Table<Map.Entry<QueueName, FlowRates.Rates>> rateTable() {
        return new Table<>(List.of(
                new Column<>("QUEUE", "queue", Style.TEXT, rate -> rate.getKey().text()),
                new Column<>(
                        "IN",
                        "in",
                        Style.TEXT,
                        rate -> Units.rate(rate.getValue().in())),
                new Column<>(
                        "OUT",
                        "out",
                        Style.TEXT,
                        rate -> Units.rate(rate.getValue().out())),
                new Column<>(
                        "ACKED",
                        "acked",
                        Style.TEXT,
                        rate -> Units.rate(rate.getValue().acked())),
                new Column<>("EMPTY IN", "emptyIn", Style.TEXT, rate -> rate.getValue()
                        .emptyIn()
                        .map(Units::age)
                        .orElse(null))));
    }
}
