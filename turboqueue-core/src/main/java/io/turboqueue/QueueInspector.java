package io.turboqueue;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.pages.PagesEngine;
import io.turboqueue.disk.Disk;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.layout.QueueName;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A read-only view of a queue: it does not change, claim or create anything. Thread-safe. */
public final class QueueInspector {

    private final SpoolScan scan;
    private final QueueName queue;
    private final Disk disk;

    QueueInspector(SpoolScan scan, QueueName queue, Disk disk) {
        this.scan = scan;
        this.queue = queue;
        this.disk = disk;
    }

    /**
     * Counts batches, messages and bytes by state, from file names alone. Other processes continue meanwhile, so the
     * counts may be off by a batch or two.
     *
     * @return the counts; all zero if the queue's folder does not exist
     * @throws IOException if a folder cannot be listed
     */
    public QueueStats stats() throws IOException {
        return scan.stats(queue);
    }

    /**
     * Reads the messages that would be delivered next, without claiming them.
     *
     * @param most the largest number of messages to return
     * @return the messages of the first ready batches, in the order of delivery; fewer than {@code most} if there are
     *     not enough
     * @throws CorruptBatchException if one of these batches is damaged; a consumer would set it aside
     * @throws IOException if the disk fails
     */
    public List<Message<byte[]>> peek(int most) throws IOException {
        List<Message<byte[]>> messages = new ArrayList<>();
        try (BatchEngine engine = new PagesEngine(disk)) {
            BatchReading reading = new BatchReading(disk, engine);
            for (BatchEntry entry : scan.batches(queue, BatchState.READY)) {
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
        Message.Origin origin = new Message.Origin(
                entry.queue().text(), entry.name().id(), entry.name().attempt());
        for (int i = (int) entry.name().offset(); i < rows.size() && messages.size() < most; i++) {
            messages.add(new Message<>(i + 1L, rows.get(i), Codecs.bytes(), origin));
        }
    }
}
