package io.turboqueue;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.JdbcEngine;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.inspect.QueueScan;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.io.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A read-only view of a queue: changes nothing, claims nothing, creates nothing. Thread-safe. */
public final class QueueInspector {

    private final QueueScan scan;
    private final Disk disk;

    QueueInspector(QueueScan scan, Disk disk) {
        this.scan = scan;
        this.disk = disk;
    }

    /** Batches, messages, bytes and age by state, from file names alone; a snapshot that may be off by a batch or two. */
    public QueueStats stats() throws IOException {
        return scan.stats();
    }

    /**
     * The messages that would be delivered next, without claiming them: of the first ready batches, at most so many.
     *
     * @throws CorruptBatchException if a batch among them is damaged; a consumer would set it aside
     */
    public List<Message<byte[]>> peek(int most) throws IOException {
        List<Message<byte[]>> messages = new ArrayList<>();
        try (BatchEngine engine = new JdbcEngine(disk)) {
            for (QueueScan.Ready ready : scan.ready()) {
                if (messages.size() >= most) {
                    break;
                }
                add(messages, ready, engine, most);
            }
        }
        return messages;
    }

    /** A file that was claimed or deleted meanwhile is no fault. */
    private void add(List<Message<byte[]>> messages, QueueScan.Ready ready, BatchEngine engine, int most)
            throws IOException {
        List<StoredMessage> rows;
        try {
            rows = engine.read(ready.path(), ClaimSource.seal(ready.name()));
        } catch (IOException failed) {
            if (disk.look(ready.path()) == null) {
                return;
            }
            throw failed instanceof DamagedBatchException
                    ? new CorruptBatchException(ready.name().id(), failed)
                    : failed;
        }
        for (int i = (int) ready.name().offset(); i < rows.size() && messages.size() < most; i++) {
            messages.add(new Message<>(i + 1L, rows.get(i), Codecs.bytes()));
        }
    }
}
