package io.turboqueue;

import io.turboqueue.inspect.QueueScan;
import io.turboqueue.inspect.QueueStats;
import java.io.IOException;

/** A read-only view of a queue: changes nothing, claims nothing, creates nothing. Thread-safe. */
public final class QueueInspector {

    private final QueueScan scan;

    QueueInspector(QueueScan scan) {
        this.scan = scan;
    }

    /** Batches, messages, bytes and age by state, from file names alone; a snapshot that may be off by a batch or two. */
    public QueueStats stats() throws IOException {
        return scan.stats();
    }
}
