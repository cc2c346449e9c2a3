package io.turboqueue.cli.inspect;

import io.turboqueue.cli.support.BatchSearch;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.Exit;
import io.turboqueue.cli.support.Format;
import io.turboqueue.cli.support.QueuesVerb;
import io.turboqueue.cli.support.TimeOption;
import io.turboqueue.cli.text.Column;
import io.turboqueue.cli.text.Column.Style;
import io.turboqueue.cli.text.Table;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.SpoolScan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A list of batches. */
@Command(
        name = "ls",
        header = "Lists batches.",
        description = "Lists batches, from their names alone.",
        footer = {
            "  turboqueue ls flights",
            "  turboqueue ls flights --state dead --older-than 1h",
            "  turboqueue ls --state ready,delayed --sort size --reverse --limit 10"
        })
public final class Ls extends QueuesVerb {

    private static final Comparator<BatchEntry> BY_QUEUE =
            Comparator.comparing(entry -> entry.queue().text());

    @Option(
            names = "--state",
            split = ",",
            paramLabel = "STATE",
            description = "Only these: ready, delayed, claimed, held, dead.")
    private Set<BatchState> states = EnumSet.allOf(BatchState.class);

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "Only what was due longer ago.")
    @Nullable
    private Duration olderThan;

    @Option(
            names = "--attempts",
            converter = CountOption.class,
            paramLabel = "N",
            description = "Only what had at least so many deliveries that ended without an ack.")
    private long attempts;

    @Option(
            names = "--owner",
            paramLabel = "TEXT",
            description = "Only what is claimed by owners whose name starts so: a pid, say.")
    @Nullable
    private String owner;

    @Option(names = "--reason", paramLabel = "REASON", description = "Only dead letters with this reason.")
    @Nullable
    private String reason;

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            defaultValue = "claim",
            description =
                    "By claim (the order of claiming), due, size, rows, attempts, failures or id; ${DEFAULT-VALUE} by default.")
    private Sort sort = Sort.claim;

    @Option(names = "--reverse", description = "The other way round.")
    private boolean reverse;

    @Option(names = "--limit", converter = CountOption.class, paramLabel = "N", description = "Only the first so many.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private Format format = new Format();

    /** Keys to sort by. */
    @SuppressWarnings("ImmutableEnumChecker") // comparators without state
    enum Sort {
        claim(SpoolScan.IN_ORDER),
        due(Comparator.comparingLong(entry -> entry.name().dueMillis())),
        size(Comparator.comparingLong(entry -> entry.name().bytes())),
        rows(Comparator.comparingLong(entry -> entry.name().messages())),
        attempts(Comparator.comparingInt(entry -> entry.name().attempt())),
        failures(Comparator.comparingInt(entry -> entry.name().failures())),
        id(Comparator.comparing(entry -> entry.name().id()));

        private final Comparator<BatchEntry> order;

        Sort(Comparator<BatchEntry> order) {
            this.order = order;
        }
    }

    @Override
    protected Exit run() throws Exception {
        SpoolScan scan = scan();
        List<QueueName> queues = queues();
        Instant now = now();
        List<BatchEntry> entries = new ArrayList<>(new BatchSearch(scan, queues, states).all());
        entries.removeIf(entry -> !isWanted(entry, now));
        if (sort != Sort.claim || reverse || queues.size() > 1) {
            Comparator<BatchEntry> order = reverse ? sort.order.reversed() : sort.order;
            entries.sort(sort == Sort.claim ? BY_QUEUE.thenComparing(order) : order);
        }
        List<BatchEntry> shown = entries.stream().limit(limit).toList();
        if (shown.isEmpty() && format.text() && context().terminal().out()) {
            note("no such batch");
        }
        if (!shown.isEmpty() || format.json()) {
            print(table(now), "batches", shown, format);
        }
        return shown.isEmpty() ? Exit.NOTHING : Exit.OK;
    }

    private boolean isWanted(BatchEntry entry, Instant now) {
        boolean oldEnough = olderThan == null || age(entry, now).compareTo(olderThan) > 0;
        boolean ownersOwn = owner == null
                || (entry.state() == BatchState.CLAIMED && note(entry).startsWith(owner));
        boolean forThatReason = reason == null
                || (entry.state() == BatchState.DEAD && note(entry).equals(reason));
        return oldEnough && ownersOwn && forThatReason && entry.name().attempt() >= attempts;
    }

    private static String note(BatchEntry entry) {
        String note = entry.note();
        return note == null ? "" : note;
    }

    private static Duration age(BatchEntry entry, Instant now) {
        return Duration.ofMillis(now.toEpochMilli() - entry.name().dueMillis());
    }

    private static Table<BatchEntry> table(Instant now) {
        return new Table<>(List.of(
                new Column<>(
                        "QUEUE", "queue", Style.TEXT, entry -> entry.queue().text()),
                new Column<>(
                        "STATE", "state", Style.TEXT, entry -> entry.state().word()),
                new Column<>("ID", "id", Style.TEXT, entry -> entry.name().id()),
                new Column<>("AGE", "ageSeconds", Style.AGE, entry -> age(entry, now)),
                new Column<>("DUE", "due", Style.TIME, entry -> entry.name().due()),
                new Column<>(
                        "PRI", "priority", Style.COUNT, entry -> entry.name().priority()),
                new Column<>("ROWS", "rows", Style.COUNT, Ls::rows),
                new Column<>("SIZE", "bytes", Style.BYTES, Ls::bytes),
                new Column<>(
                        "TRIES", "attempts", Style.COUNT, entry -> entry.name().attempt()),
                new Column<>(
                        "FAILED", "failures", Style.COUNT, entry -> entry.name().failures()),
                new Column<>("DONE", "done", Style.COUNT, entry -> entry.name().offset()),
                new Column<>("NOTE", "note", Style.TEXT, BatchEntry::note)));
    }

    /** Names of other programs do not tell. */
    private static @Nullable Long rows(BatchEntry entry) {
        return entry.name().contents() == null
                ? null
                : Long.valueOf(entry.name().contents().rows());
    }

    private static @Nullable Long bytes(BatchEntry entry) {
        return entry.name().contents() == null
                ? null
                : Long.valueOf(entry.name().bytes());
    }
}
