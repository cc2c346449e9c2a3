package io.turboqueue.cli.inspect;

import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.QueuesVerb;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Table;
import io.turboqueue.config.UnitText;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.SpoolScan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How old what is. */
@Command(
        name = "shape",
        header = "Shows how old what is.",
        description =
                "Shows how old batches are, by queue and state: how many are younger than the time above the column, each "
                        + "column twice as old as the one before it. A queue that keeps up has all on the left.",
        footer = {"  turboqueue shape", "  turboqueue shape flights --first 1m --messages"})
public final class Shape extends QueuesVerb {

    @Option(
            names = "--first",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = TimeOption.class,
            description = "The first column's time; ${DEFAULT-VALUE} by default.")
    private Duration first = Duration.ofSeconds(5);

    @Option(
            names = "--buckets",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many columns; ${DEFAULT-VALUE} by default.")
    private int buckets = 10;

    @Option(names = "--messages", description = "Count messages, not batches.")
    private boolean messages;

    @Mixin
    private Format format = new Format();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** Counts of one state of one queue; the last bucket is of what is older than all. */
    @SuppressWarnings("ArrayRecordComponent") // filled in place, never compared
    private record Row(String queue, BatchState state, long[] counts) {
        long total() {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }
    }

    @Override
    protected Exit run() throws Exception {
        if (buckets < 1 || buckets > 30 || first.isZero()) {
            throw new ParameterException(
                    spec.commandLine(), "--buckets must be from 1 to 30, and --first more than nothing");
        }
        SpoolScan scan = scan();
        List<QueueName> queues = queues();
        Instant now = now();
        Map<String, Row> rows = new LinkedHashMap<>();
        scan.visit(queues, Set.of(BatchState.values()), entry -> {
            Row row = rows.computeIfAbsent(
                    entry.queue() + " " + entry.state(),
                    key -> new Row(entry.queue().text(), entry.state(), new long[buckets + 1]));
            row.counts[bucket(entry, now)] += messages ? entry.name().messages() : 1;
        });
        List<Row> sorted = new ArrayList<>(rows.values());
        sorted.sort(Comparator.comparing(Row::queue).thenComparing(Row::state));
        print(table(), "shapes", sorted, format);
        return rows.isEmpty() ? Exit.NOTHING : Exit.OK;
    }

    private int bucket(BatchEntry entry, Instant now) {
        Duration age = Duration.between(entry.name().due(), now);
        Duration limit = first;
        int bucket = 0;
        while (bucket < buckets && age.compareTo(limit) >= 0) {
            bucket++;
            limit = limit.multipliedBy(2);
        }
        return bucket;
    }

    private Table<Row> table() {
        List<Column<Row>> columns = new ArrayList<>();
        columns.add(new Column<>("QUEUE", "queue", Style.TEXT, Row::queue));
        columns.add(new Column<>("STATE", "state", Style.TEXT, row -> row.state.word()));
        columns.add(new Column<>("TOTAL", "total", Style.COUNT, Row::total));
        Duration limit = first;
        for (int i = 0; i < buckets; i++) {
            int bucket = i;
            String name = UnitText.formatTime(limit);
            columns.add(new Column<>(name, "under" + name, Style.COUNT, row -> row.counts[bucket]));
            limit = limit.multipliedBy(2);
        }
        String last = UnitText.formatTime(limit.dividedBy(2));
        columns.add(new Column<>(last + "+", "from" + last, Style.COUNT, row -> row.counts[buckets]));
        return new Table<>(columns);
    }
}
