package io.turboqueue.cli.frame;

import io.turboqueue.directory.QueueName;
import io.turboqueue.inspect.BatchEntry;
import io.turboqueue.inspect.Place;
import io.turboqueue.inspect.SpoolScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Finds batches by what people type: an id, the first or last characters of one, or a file's name.
 *
 * @param scan where to look
 * @param queues in which queues
 * @param places in which places
 */
public record BatchSearch(SpoolScan scan, Collection<QueueName> queues, Set<Place> places) {

    private static final int MOST_NAMED = 5;

    /** Everything there, in the order of claiming. */
    public List<BatchEntry> all() throws IOException {
        return scan.batches(queues, places);
    }

    /** The one that is meant. */
    public BatchEntry one(String text) throws IOException, Refusal {
        List<BatchEntry> exact = new ArrayList<>();
        List<BatchEntry> alike = new ArrayList<>();
        for (BatchEntry entry : all()) {
            String id = entry.name().id();
            if (id.equals(text) || entry.fileName().equals(text)) {
                exact.add(entry);
            } else if (id.startsWith(text) || id.endsWith(text)) {
                alike.add(entry);
            }
        }
        List<BatchEntry> found = exact.isEmpty() ? alike : exact;
        if (found.isEmpty()) {
            throw new Refusal(
                    Exit.NOTHING,
                    "there is no batch \"" + text
                            + "\"; 'turboqueue ls' lists them, and a file may be named by its path");
        }
        if (found.size() > 1) {
            List<String> ids = found.stream()
                    .limit(MOST_NAMED)
                    .map(entry -> entry.name().id())
                    .toList();
            throw new Refusal(
                    Exit.USAGE,
                    "\"" + text + "\" may mean " + found.size() + " batches: " + String.join(", ", ids)
                            + (found.size() > MOST_NAMED ? ", ..." : ""));
        }
        return found.get(0);
    }
}
