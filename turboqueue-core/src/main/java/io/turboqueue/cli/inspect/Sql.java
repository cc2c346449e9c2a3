package io.turboqueue.cli.inspect;

import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.UnsupportedBatchException;
import io.turboqueue.batch.jdbc.BatchSql;
import io.turboqueue.cli.support.BatchFile;
import io.turboqueue.cli.support.BatchSearch;
import io.turboqueue.cli.support.BatchVerb;
import io.turboqueue.cli.support.CommandException;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.SizeOption;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Csv;
import io.turboqueue.cli.text.Json;
import io.turboqueue.cli.text.Table;
import io.turboqueue.cli.text.TerminalText;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Queries over batches. */
@Command(
        name = "sql",
        header = "Runs a query over batches.",
        description =
                "Runs a query over all ready batches of a queue, or over one batch, as one table "
                        + "message(batch, id, time, key, headers, payload). Only statements that read are allowed, and they run on a copy.",
        footer = {
            "  turboqueue sql flights \"select key, count(*) from message group by key order by 2 desc limit 5\"",
            "  turboqueue sql flights --state dead \"select headers ->> 'turboqueue.error', count(*) from message group by 1\"",
            "  turboqueue sql --batch 0000002a --csv \"select * from message\""
        })
public final class Sql extends BatchVerb {

    private static final int MAX_CELL = 60;
    private static final int MAX_ROWS_OF_A_TABLE = 100_000; // kept in memory, since widths must be known

    @Parameters(
            arity = "1..2",
            paramLabel = "[QUEUE] QUERY",
            description = "The queue, unless a batch is named, and the query.")
    private List<String> words = List.of();

    @Option(names = "--batch", paramLabel = "BATCH", description = "Only this batch: an id, part of one, or a path.")
    @Nullable
    private String batch;

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "STATE",
            description = "These states instead of ready: delayed, claimed, held, dead.")
    private Set<BatchState> states = EnumSet.of(BatchState.READY);

    @Option(names = "--csv", description = "Print comma-separated values under a heading.")
    private boolean csv;

    @Option(
            names = "--timeout",
            converter = TimeOption.class,
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long it may run; ${DEFAULT-VALUE} by default.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--memory",
            converter = SizeOption.class,
            paramLabel = "SIZE",
            defaultValue = "256MiB",
            description = "The longest value or row, and so about its memory; ${DEFAULT-VALUE} by default.")
    private long memory;

    @Option(
            names = "--temp",
            converter = SizeOption.class,
            paramLabel = "SIZE",
            defaultValue = "4GiB",
            description =
                    "What its temporary files may take, the copy of the batches included; ${DEFAULT-VALUE} by default.")
    private long temp;

    @Mixin
    private Format format = new Format();

    private boolean damaged;

    @Override
    protected Exit run() throws Exception {
        String query = words.get(words.size() - 1);
        if (words.size() == 1 == (batch == null)) {
            throw new CommandException(Exit.USAGE, "name either a queue before the query, or a batch with --batch");
        }
        Result result = new Result();
        try (BatchSql sql = new BatchSql(disk(), new BatchSql.Limits(timeout, memory, temp))) {
            addAll(sql);
            sql.query(query, result);
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(Exit.USAGE, String.valueOf(wrong.getMessage()));
        } catch (IllegalStateException tooMuch) {
            throw new CommandException(Exit.FAILED, String.valueOf(tooMuch.getMessage()));
        }
        result.end();
        if (damaged) {
            return Exit.DAMAGE;
        }
        return result.rows == 0 ? Exit.NOTHING : Exit.OK;
    }

    private void addAll(BatchSql sql) throws IOException, CommandException {
        if (batch != null) {
            BatchFile file = file(batch);
            String id = file.name() == null
                    ? file.path().getFileName().toString()
                    : file.name().id();
            file.requireClosedByWriter(disk());
            if (!sql.add(file.path(), file.seal(), id, 0)) {
                throw new CommandException(
                        Exit.NOTHING, "batch " + id + " is gone: it was claimed, moved or deleted meanwhile");
            }
            return;
        }
        for (BatchEntry entry : new BatchSearch(scan(), List.of(queue(words.get(0))), states).all()) {
            add(sql, entry);
        }
    }

    private void add(BatchSql sql, BatchEntry entry) throws IOException {
        try {
            if (entry.name().contents() == null) {
                BatchReading.requireClosedByWriter(disk(), entry.path());
            }
            sql.add(
                    entry.path(),
                    BatchReading.seal(entry.name()),
                    entry.name().id(),
                    entry.name().offset());
        } catch (DamagedBatchException bad) {
            note("batch " + entry.name().id() + " is damaged and left out ("
                    + bad.damage().reason() + "): " + bad.getMessage());
            damaged = true;
        } catch (UnsupportedBatchException left) {
            note("batch " + entry.name().id() + " is left out: " + left.getMessage());
        }
    }

    /** Rows go out as they come, but for a table, whose widths must be known. */
    private final class Result implements BatchSql.Visitor {
        private List<String> names = List.of();
        private final List<List<@Nullable Object>> kept = new ArrayList<>();
        private @Nullable Json json;
        private long rows;

        private static void requireDistinct(List<String> found) {
            for (String name : found) {
                if (Collections.frequency(found, name) > 1) {
                    throw new IllegalArgumentException(
                            "two columns are called \"" + name + "\": name them apart with AS");
                }
            }
        }

        private boolean table() {
            return format.text() && !csv && context().terminal().out();
        }

        @Override
        public void columns(List<String> found) throws IOException {
            names = found;
            if (!format.text()) {
                requireDistinct(found);
                json = json();
                if (format.json()) {
                    json.startList("rows");
                }
            } else if (csv) {
                csv(List.copyOf(found));
            }
        }

        @Override
        public void row(List<@Nullable Object> values) throws IOException {
            rows++;
            if (json != null) {
                write(json, values);
            } else if (table()) {
                keep(values);
            } else {
                List<@Nullable Object> texts = new ArrayList<>();
                values.forEach(value -> texts.add(value == null ? null : text(value)));
                if (csv) {
                    csv(texts);
                } else {
                    line(Csv.tabs(texts));
                }
            }
        }

        private void keep(List<@Nullable Object> values) {
            if (kept.size() == MAX_ROWS_OF_A_TABLE) {
                throw new IllegalArgumentException("a table of more than " + MAX_ROWS_OF_A_TABLE
                        + " rows is not for a terminal: add LIMIT, or --csv, or send it to a file");
            }
            List<@Nullable Object> cells = new ArrayList<>(values.size());
            values.forEach(value -> cells.add(cell(value)));
            kept.add(cells);
        }

        private void csv(List<@Nullable Object> values) throws IOException {
            String text = Csv.line(values);
            line(context().terminal().out() ? TerminalText.screen(text) : text);
        }

        private void write(Json to, List<@Nullable Object> values) throws IOException {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                Object value = values.get(i);
                fields.put(names.get(i), value instanceof byte[] ? text(value) : value);
            }
            if (format.json()) {
                to.element(fields);
            } else {
                to.line(fields);
            }
        }

        void end() throws IOException {
            if (json != null && format.json()) {
                json.endList();
            } else if (table()) {
                printTable();
            }
        }

        private void printTable() throws IOException {
            List<Column<List<@Nullable Object>>> columns = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                int column = i;
                Style style = isNumber(column) ? Style.NUMBER : Style.TEXT;
                String heading = TerminalText.line(names.get(i), MAX_CELL);
                columns.add(new Column<>(heading, heading, style, row -> row.get(column)));
            }
            for (String line : new Table<>(columns).human(kept, times(), paint(), screenColumns())) {
                line(line);
            }
        }

        private boolean isNumber(int column) {
            return kept.stream()
                    .map(row -> row.get(column))
                    .allMatch(value -> value == null || value instanceof Number);
        }
    }

    private static @Nullable Object cell(@Nullable Object value) {
        return value == null || value instanceof Number ? value : TerminalText.line(text(value), MAX_CELL);
    }

    /** A BLOB that holds text is shown as text. */
    private static String text(Object value) {
        if (!(value instanceof byte[] bytes)) {
            return String.valueOf(value);
        }
        return TerminalText.isUtf8(bytes) ? new String(bytes, StandardCharsets.UTF_8) : "(" + bytes.length + " bytes)";
    }
}
