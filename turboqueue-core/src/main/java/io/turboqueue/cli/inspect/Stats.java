package io.turboqueue.cli.inspect;

import io.turboqueue.SpoolMonitor;
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
import io.turboqueue.inspect.FlowRates;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.SpoolSample;
import io.turboqueue.inspect.SpoolSnapshot;
import io.turboqueue.layout.QueueName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
        if (watch) {
            watch();
            return Exit.OK;
        }
        SpoolSnapshot snapshot = inspector().snapshot(names());
        print(new SnapshotView(snapshot));
        return snapshot.unreadable().isEmpty() ? Exit.OK : Exit.FAILED;
    }

    private List<String> names() throws IOException, CommandException {
        return queues().stream().map(QueueName::text).toList();
    }

    private void watch() throws Exception {
        SpoolMonitor monitor = inspector().monitor();
        try (QuitKey quit = QuitKey.open(context())) {
            for (long i = 0; i < count; i++) {
                if (i > 0 && quit.pressedWithin(every.toMillis())) {
                    return;
                }
                SpoolSample sample = monitor.sample(names());
                show(new SnapshotView(sample.snapshot()), sample.rates());
                out().flush();
            }
        }
    }

    private void print(SnapshotView view) throws IOException {
        if (format.json()) {
            json().line(Json.object(
                    "spool", spoolPath().toString(),
                    "time", view.snapshot().time(),
                    "queues", queueJson(view, Map.of()),
                    "owners",
                            view.snapshot().owners().stream()
                                    .map(view::ownerJson)
                                    .toList(),
                    "unreadable", unreadableJson(view),
                    "degraded", degraded().orElse(null)));
        } else if (format.ndjson()) {
            Json json = json();
            for (Map<String, @Nullable Object> queue : queueJson(view, Map.of())) {
                json.line(queue);
            }
            for (Map<String, @Nullable Object> queue : unreadableJson(view)) {
                json.line(queue);
            }
            for (OwnerInfo owner : view.snapshot().owners()) {
                json.line(view.ownerJson(owner));
            }
        } else if (context().terminal().out()) {
            for (String line : screen(view)) {
                line(line);
            }
        } else {
            plain(view);
        }
    }

    private static List<Map<String, @Nullable Object>> queueJson(SnapshotView view, Map<String, FlowRates> rates) {
        List<Map<String, @Nullable Object>> queues = new ArrayList<>();
        view.snapshot().queues().forEach((queue, stats) -> {
            Map<String, @Nullable Object> fields = view.queueJson(queue, stats);
            FlowRates rate = rates.get(queue);
            if (rate != null) {
                fields.put("inPerSecond", rate.in());
                fields.put("outPerSecond", rate.out());
                fields.put("ackedPerSecond", rate.done());
                fields.put(
                        "emptyInSeconds",
                        rate.emptyIn().map(left -> left.toMillis() / 1000.0).orElse(null));
            }
            queues.add(fields);
        });
        return queues;
    }

    private static List<Map<String, @Nullable Object>> unreadableJson(SnapshotView view) {
        List<Map<String, @Nullable Object>> queues = new ArrayList<>();
        view.snapshot()
                .unreadable()
                .forEach((queue, why) -> queues.add(Json.object("queue", queue, "unreadable", why)));
        return queues;
    }

    private Optional<String> degraded() {
        return DiskFindings.degraded(spoolPath());
    }

    /** The first word tells queues from owners, and from the lines that are there only if something is wrong. */
    private void plain(SnapshotView view) throws IOException {
        Optional<String> degraded = degraded();
        if (degraded.isPresent()) {
            line("degraded\t" + degraded.get());
        }
        for (SnapshotView.Row row : view.rows()) {
            line("queue\t" + queueTable().plain(row));
        }
        for (Map.Entry<String, String> queue : view.snapshot().unreadable().entrySet()) {
            line("unreadable\t" + queue.getKey() + "\t" + queue.getValue());
        }
        for (OwnerInfo owner : view.snapshot().owners()) {
            line("owner\t" + ownerTable(view).plain(owner));
        }
    }

    private List<String> screen(SnapshotView view) throws IOException {
        List<String> lines = new ArrayList<>();
        degraded().ifPresent(cause -> screenLines("degraded: " + cause).forEach(part -> lines.add(paint().bad(part))));
        if (view.snapshot().queues().isEmpty() && view.snapshot().unreadable().isEmpty()) {
            lines.add("no queues in " + spoolPath());
        } else {
            lines.addAll(queueTable().human(view.rows(), times(), paint(), screenColumns()));
        }
        view.snapshot().unreadable().forEach((queue, why) -> screenLines(queue + " cannot be looked at: " + why)
                .forEach(part -> lines.add(paint().bad(part))));
        view.snapshot().queues().forEach((queue, stats) -> {
            if (stats.foreign() > 0) {
                String ignored = queue + ": " + Units.count(stats.foreign(), "file")
                        + " that the queue ignores; see 'turboqueue verify'";
                screenLines(ignored).forEach(part -> lines.add(paint().warning(part)));
            }
        });
        if (!view.snapshot().owners().isEmpty()) {
            lines.add("");
            lines.addAll(ownerTable(view).human(view.snapshot().owners(), times(), paint(), screenColumns()));
        }
        return lines;
    }

    private static Table<SnapshotView.Row> queueTable() {
        return new Table<>(List.of(
                new Column<>("QUEUE", "queue", Style.TEXT, row -> row.queue()),
                new Column<>("STATE", "state", Style.TEXT, SnapshotView.Row::label),
                new Column<>(
                        "BATCHES", "batches", Style.COUNT, row -> row.stats().batches()),
                new Column<>(
                        "MESSAGES", "messages", Style.COUNT, row -> row.stats().messages()),
                new Column<>("SIZE", "bytes", Style.BYTES, row -> row.stats().bytes()),
                new Column<>("OLDEST", "ageSeconds", Style.AGE, SnapshotView.Row::age)));
    }

    private static Table<OwnerInfo> ownerTable(SnapshotView view) {
        return new Table<>(List.of(
                new Column<>("OWNER", "owner", Style.TEXT, owner -> owner.label()),
                new Column<>("PID", "pid", Style.TEXT, OwnerInfo::pid),
                new Column<>(
                        "STATE", "state", Style.TEXT, owner -> owner.status().word()),
                new Column<>("CLAIMED", "claimed", Style.COUNT, owner -> owner.claims()
                        .size()),
                new Column<>("LOADING", "loading", Style.COUNT, owner -> owner.holdings()
                        .filling()
                        .size()),
                new Column<>("FOR", "heldForSeconds", Style.AGE, view::heldFor),
                new Column<>("HOLDS", "claims", Style.TEXT, SnapshotView::holdings)));
    }

    private void show(SnapshotView view, Map<String, FlowRates> rates) throws IOException {
        if (!format.text()) {
            json().line(Json.object(
                    "time", view.snapshot().time(),
                    "queues", queueJson(view, rates),
                    "degraded", degraded().orElse(null)));
            return;
        }
        List<String> lines = new ArrayList<>();
        String title = times().format(view.snapshot().time()) + "  " + spoolPath();
        lines.addAll(screenLines(title));
        lines.add("");
        lines.addAll(rateTable().human(List.copyOf(rates.entrySet()), times(), paint(), screenColumns()));
        lines.add("");
        lines.addAll(screen(view));
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

    private static Table<Map.Entry<String, FlowRates>> rateTable() {
        return new Table<>(List.of(
                new Column<>("QUEUE", "queue", Style.TEXT, rate -> rate.getKey()),
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
                        rate -> Units.rate(rate.getValue().done())),
                new Column<>("EMPTY IN", "emptyIn", Style.TEXT, rate -> rate.getValue()
                        .emptyIn()
                        .map(Units::age)
                        .orElse(null))));
    }
}
