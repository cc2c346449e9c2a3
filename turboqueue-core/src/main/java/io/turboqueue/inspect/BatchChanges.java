package io.turboqueue.inspect;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an operation did to the batches it was meant for. Immutable.
 *
 * @param batches the number of batches changed
 * @param messages the number of messages in them, as far as file names say
 * @param missed the number of batches that were claimed, moved or deleted before it was their turn
 * @param failures the batches that could not be changed: the id of each, and why, in the order of claiming
 */
public record BatchChanges(long batches, long messages, long missed, Map<String, IOException> failures) {

    /**
     * Copies the map.
     *
     * @param batches the number of batches changed
     * @param messages the number of messages in them
     * @param missed the number of batches that were gone
     * @param failures the batches that could not be changed; not null
     */
    public BatchChanges {
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }

    /**
     * Throws the first failure, with the others suppressed in it; returns if there was none.
     *
     * @throws IOException if a batch could not be changed; all others were
     */
    public void requireNoFailure() throws IOException {
        IOException first = null;
        for (IOException failure : failures.values()) {
            if (first == null) {
                first = failure;
            } else {
                first.addSuppressed(failure);
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
