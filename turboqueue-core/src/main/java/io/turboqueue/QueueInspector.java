package io.turboqueue;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.PagesEngine;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.directory.QueueName;
import io.turboqueue.inspect.BatchEntry;
import io.turboqueue.inspect.BatchReading;
import io.turboqueue.inspect.Place;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.SpoolScan;
import io.turboqueue.io.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A read-only view of a queue: changes nothing, claims nothing, creates nothing. Thread-safe. */
public final class QueueInspector {

    private final SpoolScan scan;
    private final QueueName queue;
    private final Disk disk;

    QueueInspector(SpoolScan scan, QueueName queue, Disk disk) {
        this.scan = scan;
        this.queue = queue;
        this.disk = disk;
    }

    /** Batches, messages, bytes and age by state, from file names alone; a snapshot that may be off by a batch or two. */
    public QueueStats stats() throws IOException {
        return scan.stats(queue);
    }

    /**
     * The messages that would be delivered next, without claiming them: of the first ready batches, at most so many.
     *
     * @throws CorruptBatchException if a batch among them is damaged; a consumer would set it aside
     */
    public List<Message<byte[]>> peek(int most) throws IOException {
        List<Message<byte[]>> messages = new ArrayList<>();
        try (BatchEngine engine = new PagesEngine(disk)) {
            BatchReading reading = new BatchReading(disk, engine);
            for (BatchEntry entry : scan.batches(queue, Place.READY)) {
                if (messages.size() >= most) {
                    break;
                }
                add(messages, entry, reading, most);
            }
        }
        return messages;
    }

    private static void add(List<Message<byte[]>> messages, BatchEntry entry, BatchReading reading, int most)
            throws IOException {
        List<StoredMessage> rows;
        try {
            rows = reading.read(entry).orElse(List.of());
        } catch (DamagedBatchException damaged) {
            throw new CorruptBatchException(entry.name().id(), damaged);
        }
        for (int i = (int) entry.name().offset(); i < rows.size() && messages.size() < most; i++) {
            messages.add(new Message<>(
                    i + 1L, rows.get(i), Codecs.bytes(), entry.name().id()));
        }
    }
}
