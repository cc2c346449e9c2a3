package io.turboqueue.examples.kafka;

import io.turboqueue.examples.Terminal;
import io.turboqueue.examples.kafka.Progress.Told;
import io.turboqueue.inspect.QueueStats;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The live table: a row for each process with its rates, one for each queue with its depth. On a terminal it is drawn
 * again and again in place; if it is too low for all processes, those of a kind share a row. Elsewhere a summary is printed
 * every few seconds. Lines of the log come out above it. Thread-safe.
 */
final class RateTable {

    private static final long DRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String DOWN = "down";

    private final PrintStream out;
    private final Terminal terminal;
    private final LongSupplier nanoTime;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private long lastShown;
    private int drawnLines;

    /** What a process told, all in all and at the last drawing. */
    private static final class Row {
        private Told total = Told.NOTHING;
        private Told shown = Told.NOTHING;
        private boolean alive = true;

        String state() {
            return alive ? total.state() : DOWN;
        }
    }

    /**
     * A queue for the table.
     *
     * @param name its name
     * @param stats what is in it
     */
    record Queue(String name, QueueStats stats) {}

    /** A table on that stream. */
    RateTable(PrintStream out, Terminal terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.lastShown = nanoTime.getAsLong();
    }

    synchronized void add(String process, Told told) {
        Row row = rows.computeIfAbsent(process, name -> new Row());
        row.total = row.total.plus(told);
    }

    /** All that the processes of a kind have told. */
    synchronized Told total(String kind) {
        Told sum = Told.NOTHING;
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            if (kind(row.getKey()).equals(kind)) {
                sum = sum.plus(row.getValue().total);
            }
        }
        return sum;
    }

    private static String kind(String process) {
        int dash = process.lastIndexOf('-');
        return dash < 0 ? process : process.substring(0, dash);
    }

    /** Shows it, unless it was shown just now. */
    synchronized void show(Iterable<String> living, List<Queue> queues, int restarts) {
        long now = nanoTime.getAsLong();
        if (now - lastShown < (terminal.isThere() ? DRAW_NANOS : PLAIN_NANOS)) {
            return;
        }
        rows.values().forEach(row -> row.alive = false);
        living.forEach(name -> rows.computeIfAbsent(name, any -> new Row()).alive = true);
        double seconds = (now - lastShown) / 1e9;
        List<String> lines =
                terminal.isThere() ? table(seconds, queues, restarts) : List.of(summary(seconds, queues, restarts));
        clear();
        lines.forEach(line -> out.println(fitted(line)));
        out.flush();
        drawnLines = terminal.isThere() ? lines.size() : 0;
        lastShown = now;
        rows.values().forEach(row -> row.shown = row.total);
    }

    private String fitted(String line) {
        return terminal.isThere() && line.length() >= terminal.columns()
                ? line.substring(0, terminal.columns() - 1)
                : line;
    }

    /** The line below the table belongs to the cursor. */
    private List<String> table(double seconds, List<Queue> queues, int restarts) {
        int room = terminal.rows() - 1;
        List<String> below = queueRows(queues, restarts);
        List<String> lines = new ArrayList<>(processRows(seconds));
        if (lines.size() + below.size() > room) {
            lines = new ArrayList<>(kindRows(seconds));
        }
        lines.addAll(below);
        return lines.subList(0, Math.min(room, lines.size()));
    }

    private List<String> processRows(double seconds) {
        List<String> lines = new ArrayList<>(List.of(String.format(
                "%-12s %-9s %10s %10s %13s %11s %8s",
                "PROCESS", "STATE", "IN/S", "OUT/S", "OUT", "RECOGNISED", "FAILED")));
        rows.forEach((name, row) -> lines.add(processRow(name, row, seconds)));
        return lines;
    }

    private static String processRow(String name, Row row, double seconds) {
        return String.format(
                Locale.ROOT,
                "%-12s %-9s %,10.0f %,10.0f %,13d %,11d %,8d",
                name,
                row.state(),
                (row.total.received() - row.shown.received()) / seconds,
                (row.total.sent() - row.shown.sent()) / seconds,
                row.total.sent(),
                row.total.recognised(),
                row.total.failed());
    }

    /** Those of a kind in a row, with how many of them do what the row says. */
    private List<String> kindRows(double seconds) {
        Map<String, Row> kinds = new LinkedHashMap<>();
        Map<String, Integer> processes = new LinkedHashMap<>();
        rows.forEach((name, row) -> {
            Row sum = kinds.computeIfAbsent(kind(name), any -> new Row());
            sum.total = sum.total.plus(row.total).in(worse(sum, row));
            sum.shown = sum.shown.plus(row.shown);
            processes.merge(kind(name), 1, Integer::sum);
        });
        List<String> lines = new ArrayList<>(processRows(seconds).subList(0, 1));
        kinds.forEach((kind, row) -> lines.add(processRow(kind + " x " + processes.get(kind), row, seconds)));
        return lines;
    }

    /** What is to be seen of several: the state of one that is not running, if there is one. */
    private static String worse(Row sum, Row more) {
        boolean first = sum.total.equals(Told.NOTHING);
        return first || sum.total.state().equals("running") ? more.state() : sum.total.state();
    }

    private static List<String> queueRows(List<Queue> queues, int restarts) {
        List<String> lines = new ArrayList<>(List.of(String.format(
                "%-22s %12s %8s %10s %10s %9s", "QUEUE", "READY", "BATCHES", "AT WORK", "DELAYED", "DEAD")));
        for (Queue queue : queues) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-22s %,12d %,8d %,10d %,10d %,9d",
                    queue.name(),
                    queue.stats().ready().messages(),
                    queue.stats().ready().batches(),
                    queue.stats().claimed().messages(),
                    queue.stats().delayed().messages(),
                    queue.stats().dead().messages()));
        }
        lines.add("restarts: " + restarts);
        return lines;
    }

    private String summary(double seconds, List<Queue> queues, int restarts) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "in %,.0f/s  out %,.0f/s  out in all %,d",
                sentSinceShown(PipelineGroup.IN) / seconds,
                sentSinceShown(PipelineGroup.OUT) / seconds,
                total(PipelineGroup.OUT).sent()));
        for (Queue queue : queues) {
            line.append(String.format(
                    Locale.ROOT,
                    "  %s %,d ready %,d at work %,d delayed %,d dead",
                    queue.name(),
                    queue.stats().ready().messages(),
                    queue.stats().claimed().messages(),
                    queue.stats().delayed().messages(),
                    queue.stats().dead().messages()));
        }
        return line.append("  restarts ").append(restarts).toString();
    }

    private long sentSinceShown(String kind) {
        return rows.entrySet().stream()
                .filter(row -> kind(row.getKey()).equals(kind))
                .mapToLong(row ->
                        row.getValue().total.sent() - row.getValue().shown.sent())
                .sum();
    }

    /** Prints a line that stays. */
    synchronized void log(String line) {
        clear();
        drawnLines = 0;
        out.println(line);
        out.flush();
    }

    private void clear() {
        if (drawnLines > 0) {
            out.print("\u001b[" + drawnLines + "A\r" + CLEAR_BELOW);
        }
    }
}
