package io.turboqueue.cli.support;

import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.SpoolScan;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds batches by what people type: an id, the first or last characters of one, or a file's name.
 *
 * @param scan where to look
 * @param queues in which queues
 * @param states in which states
 */
public record BatchSearch(SpoolScan scan, Collection<QueueName> queues, Set<BatchState> states) {

    private static final int MAX_NAMED = 5;

    /** Everything there, in the order of claiming. */
    public List<BatchEntry> all() throws IOException {
        return scan.batches(queues, states);
    }

    /** The one that is meant. */
    public BatchEntry one(String text) throws IOException, CommandException {
        return one(all(), text);
    }

    /** The one of these that is meant. */
    public static BatchEntry one(List<BatchEntry> entries, String text) throws CommandException {
        List<BatchEntry> found = entries.stream()
                .filter(entry ->
                        entry.name().id().equals(text) || entry.fileName().equals(text))
                .toList();
        if (found.isEmpty()) {
            found = entries.stream().filter(entry -> isAlike(entry, text)).toList();
        }
        if (found.isEmpty()) {
            throw new CommandException(
                    Exit.NOTHING,
                    "there is no batch \"" + Printable.of(text)
                            + "\"; 'turboqueue ls' lists them, and a file may be named by its path");
        }
        List<String> ids =
                found.stream().map(entry -> entry.name().id()).distinct().toList();
        if (ids.size() > 1) {
            throw ambiguous(text, ids);
        }
        return found.get(found.size() - 1); // one that was renamed during the listing may be there twice
    }

    private static boolean isAlike(BatchEntry entry, String text) {
        return entry.name().id().startsWith(text) || entry.name().id().endsWith(text);
    }

    private static CommandException ambiguous(String text, List<String> ids) {
        return new CommandException(
                Exit.USAGE,
                "\"" + Printable.of(text) + "\" may mean " + ids.size() + " batches: "
                        + ids.stream().limit(MAX_NAMED).collect(Collectors.joining(", "))
                        + (ids.size() > MAX_NAMED ? ", ..." : ""));
    }
}
