package io.turboqueue.cli.frame;

import io.turboqueue.inspect.BatchEntry;
import java.util.Comparator;

/** Orders of batches. */
public final class BatchOrder {

    /** Priority, then due time, then id: that of the names as text. */
    public static final Comparator<BatchEntry> OF_CLAIMING = Comparator.<BatchEntry>comparingInt(
                    entry -> entry.name().priority())
            .thenComparingLong(entry -> entry.name().dueMillis())
            .thenComparing(entry -> entry.name().id());

    private BatchOrder() {}
}
