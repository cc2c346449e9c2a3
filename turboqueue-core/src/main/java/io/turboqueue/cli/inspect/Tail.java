package io.turboqueue.cli.inspect;

import io.turboqueue.batch.StoredMessage;
import io.turboqueue.cli.support.BatchSearch;
import io.turboqueue.cli.support.CountOption;
import io.turboqueue.cli.support.MessagePrinter;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The last messages, and those that come. */
@Command(
        name = "tail",
        header = "Prints the last messages, and those that come.",
        description =
                "Prints the last messages that wait in a queue, and with --follow those that are published from then on, without "
                        + "claiming them. A batch that is claimed and acked within a moment may be missed.",
        footer = {"  turboqueue tail flights -n 5", "  turboqueue tail flights --follow --include LAX"})
public final class Tail extends ReadingVerb {

    private static final long MIN_PAUSE_MILLIS = 100;
    private static final long COSTS = 10;
    private static final int MAX_REMEMBERED = 500_000;

    /** Where a batch may be that was published just now. */
    private static final Set<BatchState> FRESH = EnumSet.of(BatchState.READY, BatchState.DELAYED, BatchState.CLAIMED);

    @Parameters(paramLabel = "QUEUE", description = "The queue.")
    private String name = "";

    @Option(
            names = {"-n", "--last"},
            converter = CountOption.class,
            paramLabel = "N",
            defaultValue = "10",
            description = "How many to begin with; ${DEFAULT-VALUE} by default.")
    private long last = 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is published, until stopped.")
    private boolean follow;

    @Option(
            names = "--limit",
            converter = CountOption.class,
            paramLabel = "N",
            description = "End after so many messages.")
    private long limit = Long.MAX_VALUE;

    /** A message that waits to be printed. */
    private record Found(BatchEntry entry, int index, StoredMessage message) {}

    @Override
    void read(BatchReading reading, MessagePrinter printer) throws Exception {
        SpoolScan scan = scan();
        BatchSearch search = new BatchSearch(scan, List.<QueueName>of(queue(name)), FRESH);
        List<BatchEntry> present = search.all();
        for (Found found : lastOf(present, reading)) {
            printIfWanted(printer, found);
        }
        if (follow) {
            follow(search, reading, printer, ids(present));
        }
    }

    private static Set<String> ids(List<BatchEntry> entries) {
        Set<String> ids = new HashSet<>();
        entries.forEach(entry -> ids.add(entry.name().id()));
        return ids;
    }

    private Deque<Found> lastOf(List<BatchEntry> entries, BatchReading reading) throws IOException {
        Deque<Found> found = new ArrayDeque<>();
        for (int e = entries.size() - 1; e >= 0 && found.size() < last; e--) {
            List<StoredMessage> messages = messages(reading, entries.get(e));
            for (int i = messages.size() - 1; i >= 0 && found.size() < last; i--) {
                if (accepts(messages.get(i))) {
                    found.addFirst(new Found(entries.get(e), i, messages.get(i)));
                }
            }
        }
        return found;
    }

    private void printIfWanted(MessagePrinter printer, Found found) throws IOException {
        if (printed() < limit) {
            print(printer, found.entry, found.index, found.message);
        }
    }

    /** Pauses grow with what a listing costs. */
    private void follow(BatchSearch search, BatchReading reading, MessagePrinter printer, Set<String> known)
            throws Exception {
        Set<String> seen = remembering(known);
        while (printed() < limit) {
            printer.flush();
            long start = System.nanoTime();
            List<BatchEntry> present = search.all();
            for (BatchEntry entry : present) {
                if (!seen.contains(entry.name().id())) {
                    printAll(reading, printer, entry);
                }
            }
            seen.addAll(ids(present));
            long cost = (System.nanoTime() - start) / 1_000_000;
            Thread.sleep(Math.max(MIN_PAUSE_MILLIS, COSTS * cost));
        }
    }

    /** A batch may vanish from a listing and come back: claimed and given back, held and released. */
    private static Set<String> remembering(Set<String> known) {
        Set<String> recent = Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MAX_REMEMBERED;
            }
        });
        recent.addAll(known);
        return recent;
    }

    private void printAll(BatchReading reading, MessagePrinter printer, BatchEntry entry) throws IOException {
        List<StoredMessage> messages = messages(reading, entry);
        for (int i = 0; i < messages.size(); i++) {
            if (accepts(messages.get(i))) {
                printIfWanted(printer, new Found(entry, i, messages.get(i)));
            }
        }
    }
}
