package io.turboqueue.inspect;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.directory.BatchName;
import io.turboqueue.io.Disk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches that this process has not claimed. Thread-safe.
 *
 * @param disk the disk
 * @param engine what reads
 */
@SuppressWarnings("exports") // for the floors above, not for applications
public record BatchReading(Disk disk, BatchEngine engine) {

    /**
     * The messages of a batch that a listing showed, those already done included; empty if it was claimed, moved or deleted
     * meanwhile.
     *
     * @throws io.turboqueue.batch.DamagedBatchException if the file is at fault
     * @throws IOException if the disk is
     */
    public Optional<List<StoredMessage>> read(BatchEntry entry) throws IOException {
        List<StoredMessage> messages;
        try {
            messages = engine.read(entry.path(), seal(entry.name()));
        } catch (IOException failed) {
            if (isGone(entry)) {
                return Optional.empty();
            }
            throw failed;
        }
        return isGone(entry) ? Optional.empty() : Optional.of(messages);
    }

    /** The name is looked at after reading: a file that has it still was never another batch in between. */
    private boolean isGone(BatchEntry entry) throws IOException {
        return disk.look(entry.path()) == null;
    }

    /** What a batch of this name must hold; null if the name does not tell. */
    public static @Nullable BatchSeal seal(BatchName name) {
        BatchName.Contents contents = name.contents();
        return contents == null ? null : new BatchSeal(contents.rows(), contents.bytes(), contents.crc32());
    }
}
