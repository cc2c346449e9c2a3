package io.turboqueue.examples.kafka;

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
 * The live table: a row for each process with its rates, one for each queue with its depth. On a terminal it is drawn anew
 * in place, elsewhere a summary is printed every few seconds. Lines of the log come out above it. Thread-safe.
 */
final class RateTable {

    private static final long DRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintStream out;
    private final int columns;
    private final LongSupplier nanoTime;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private long lastShown;
    private int drawnLines;

    /** What a process told, all in all and at the last drawing. */
    private static final class Row {
        private Told total = Told.NOTHING;
        private Told shown = Told.NOTHING;
        private boolean alive = true;
    }

    /**
     * A queue for the table.
     *
     * @param name its name
     * @param stats what is in it
     */
    record Queue(String name, QueueStats stats) {}

    /**
     * A table on that stream.
     *
     * @param columns how many the terminal has; 0 when the stream is none
     */
    RateTable(PrintStream out, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.columns = columns;
        this.nanoTime = nanoTime;
        this.lastShown = nanoTime.getAsLong();
    }

    synchronized void add(String process, Told told) {
        Row row = rows.computeIfAbsent(process, name -> new Row());
        row.total = row.total.plus(told);
    }

    /** All that processes whose name begins so have told. */
    synchronized Told total(String prefix) {
        Told sum = Told.NOTHING;
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            if (row.getKey().startsWith(prefix)) {
                sum = sum.plus(row.getValue().total);
            }
        }
        return sum;
    }

    /** Shows it, unless it was shown just now. */
    synchronized void show(Iterable<String> living, List<Queue> queues, int restarts) {
        long now = nanoTime.getAsLong();
        boolean terminal = columns > 0;
        if (now - lastShown < (terminal ? DRAW_NANOS : PLAIN_NANOS)) {
            return;
        }
        rows.values().forEach(row -> row.alive = false);
        living.forEach(name -> rows.computeIfAbsent(name, any -> new Row()).alive = true);
        double seconds = (now - lastShown) / 1e9;
        List<String> lines = terminal ? table(seconds, queues, restarts) : List.of(summary(seconds, queues, restarts));
        clear();
        lines.forEach(
                line -> out.println(terminal && line.length() >= columns ? line.substring(0, columns - 1) : line));
        out.flush();
        drawnLines = terminal ? lines.size() : 0;
        lastShown = now;
        rows.values().forEach(row -> row.shown = row.total);
    }

    private List<String> table(double seconds, List<Queue> queues, int restarts) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "%-10s %-9s %11s %11s %13s %11s %8s",
                "PROCESS", "STATE", "IN/S", "OUT/S", "OUT", "RECOGNISED", "FAILED"));
        rows.forEach((name, row) -> lines.add(String.format(
                Locale.ROOT,
                "%-10s %-9s %,11.0f %,11.0f %,13d %,11d %,8d",
                name,
                row.alive ? row.total.state() : "down",
                (row.total.received() - row.shown.received()) / seconds,
                (row.total.sent() - row.shown.sent()) / seconds,
                row.total.sent(),
                row.total.recognised(),
                row.total.failed())));
        for (Queue queue : queues) {
            lines.add(String.format(
                    Locale.ROOT,
                    "queue %s: ready %,d (%,d batches), at work %,d, later %,d, dead %,d",
                    queue.name(),
                    queue.stats().ready().messages(),
                    queue.stats().ready().batches(),
                    queue.stats().claimed().messages(),
                    queue.stats().later().messages(),
                    queue.stats().dead().messages()));
        }
        lines.add("restarts: " + restarts);
        return lines;
    }

    private String summary(double seconds, List<Queue> queues, int restarts) {
        long in = 0;
        long out = 0;
        long total = 0;
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            Row of = row.getValue();
            if (row.getKey().startsWith(PipelineGroup.IN)) {
                in += of.total.sent() - of.shown.sent();
            } else if (row.getKey().startsWith(PipelineGroup.OUT)) {
                out += of.total.sent() - of.shown.sent();
                total += of.total.sent();
            }
        }
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "in %,.0f/s  out %,.0f/s  out in all %,d", in / seconds, out / seconds, total));
        for (Queue queue : queues) {
            line.append(String.format(
                    Locale.ROOT,
                    "  %s %,d ready %,d dead",
                    queue.name(),
                    queue.stats().ready().messages(),
                    queue.stats().dead().messages()));
        }
        return line.append("  restarts ").append(restarts).toString();
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
