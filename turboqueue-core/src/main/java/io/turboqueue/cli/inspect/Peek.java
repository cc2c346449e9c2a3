package io.turboqueue.cli.inspect;

import io.turboqueue.Headers;
import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.UnsupportedBatchException;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.MessagePrinter;
import io.turboqueue.cli.support.QueueVerb;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Table;
import io.turboqueue.cli.text.TerminalText;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The next messages. */
@Command(
        name = "peek",
        header = "Shows the messages that come next.",
        description =
                "Shows the messages that would be delivered next, one on each line, without claiming them; or with "
                        + "--state those of another state.",
        footer = {
            "  turboqueue peek flights",
            "  turboqueue peek flights -n 3 --json",
            "  turboqueue peek flights --state dead"
        })
public final class Peek extends QueueVerb {

    private static final int OTHER_COLUMNS = "  123,456  2026-11-21 12:00:00    ".length();
    private static final int INDENT = 4;
    private static final int MIN_PAYLOAD = 20;
    private static final int MAX_KEY = 24;

    @Option(
            names = {"-n", "--limit"},
            converter = CountOption.class,
            paramLabel = "N",
            defaultValue = "10",
            description = "How many; ${DEFAULT-VALUE} by default.")
    private long limit = 10;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            defaultValue = "ready",
            description = "Those in this state: ready, delayed, claimed, held or dead; ${DEFAULT-VALUE} by default.")
    private BatchState state = BatchState.READY;

    @Mixin
    private Format format = new Format();

    /** A message and where it is. */
    private record Found(BatchEntry entry, long id, StoredMessage message) {}

    @Override
    protected Exit run() throws Exception {
        QueueName queue = queue();
        List<Found> found = new ArrayList<>();
        boolean damaged = false;
        try (BatchEngine engine = engine()) {
            BatchReading reading = new BatchReading(disk(), engine);
            for (BatchEntry entry : scan().batches(queue, state)) {
                if (found.size() >= limit) {
                    break;
                }
                damaged |= !add(found, entry, reading);
            }
        }
        print(found);
        if (damaged) {
            return Exit.DAMAGE;
        }
        return found.isEmpty() ? Exit.NOTHING : Exit.OK;
    }

    private boolean add(List<Found> found, BatchEntry entry, BatchReading reading) throws IOException {
        try {
            List<StoredMessage> messages = reading.read(entry).orElse(List.of());
            for (int i = (int) entry.name().offset(); i < messages.size() && found.size() < limit; i++) {
                found.add(new Found(entry, i + 1L, messages.get(i)));
            }
            return true;
        } catch (DamagedBatchException bad) {
            note("batch " + entry.name().id() + " is damaged (" + bad.damage().reason() + "): " + bad.getMessage());
            return false;
        } catch (UnsupportedBatchException left) {
            note("batch " + entry.name().id() + " is passed over: " + left.getMessage());
            return true;
        }
    }

    private void print(List<Found> found) throws IOException {
        if (format.text()) {
            print(table(found), "messages", found, format);
            return;
        }
        MessagePrinter printer = new MessagePrinter(this, format, '\n');
        for (Found one : found) {
            printer.print(one.entry.queue().text(), one.entry.name().id(), one.id, one.message);
        }
        printer.end();
    }

    /** What the other columns leave of the line, or a line of its own if that is too little. */
    private int payloadWidth(List<Found> rows) {
        int id = "BATCH".length();
        int key = "KEY".length();
        for (Found row : rows) {
            String text = key(row);
            id = Math.max(id, row.entry.name().id().length());
            key = Math.max(key, text == null ? 1 : text.length());
        }
        int left = screenColumns() - id - key - OTHER_COLUMNS;
        return left >= MIN_PAYLOAD ? left : Math.max(MIN_PAYLOAD, screenColumns() - INDENT);
    }

    private Table<Found> table(List<Found> rows) {
        boolean screen = context().terminal().out();
        int width = screen ? payloadWidth(rows) : Integer.MAX_VALUE;
        return new Table<>(List.of(
                new Column<>("BATCH", "batch", Style.TEXT, found -> found.entry
                        .name()
                        .id()),
                new Column<>("ID", "id", Style.COUNT, Found::id),
                new Column<>("TIME", "time", Style.TIME, found -> Instant.ofEpochMilli(found.message.timeMillis())),
                new Column<>("KEY", "key", Style.TEXT, Peek::key),
                new Column<>("PAYLOAD", "payload", Style.TEXT, found -> payload(found, width))));
    }

    private static @Nullable String key(Found found) {
        String key = found.message.key();
        return key == null ? null : TerminalText.line(key, MAX_KEY);
    }

    /** A message that failed before says so first. */
    private static String payload(Found found, int width) {
        String error = found.message.headers() == null
                ? null
                : Headers.parse(found.message.headers()).get(Headers.ERROR);
        String text = TerminalText.payload(found.message.payload(), width);
        return error == null ? text : TerminalText.line("[" + error + "] " + text, width);
    }
}
