package io.turboqueue.inspect;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in a spool at one time. Immutable.
 *
 * @param time when it was taken
 * @param queues the contents of each queue by its name, in the order asked for
 * @param unreadable the queues that could not be listed: the name of each, and why
 * @param owners the owner directories, by name
 */
public record SpoolSnapshot(
        Instant time, Map<String, QueueStats> queues, Map<String, String> unreadable, List<OwnerInfo> owners) {

    /**
     * Copies the maps and the list.
     *
     * @param time when it was taken
     * @param queues the contents of each queue
     * @param unreadable the queues that could not be listed
     * @param owners the owner directories
     */
    public SpoolSnapshot {
        queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
        owners = List.copyOf(owners);
    }
}
