package io.turboqueue.scan;

import io.turboqueue.batch.BatchEngine;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.disk.Disk;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.SideFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches that this process has not claimed. Thread-safe.
 *
 * @param disk the disk
 * @param engine what reads
 * @param mostMemory about how many bytes of memory a batch may take
 */
public record BatchReading(Disk disk, BatchEngine engine, long mostMemory) {

    /** What is wrong with a database that has files of SQLite's beside it. */
    public static final String NOT_CLOSED = "its writer had not closed it: a journal or log of SQLite's lies beside it";

    /** One batch at a time, which may take half of the heap. */
    public BatchReading(Disk disk, BatchEngine engine) {
        this(disk, engine, Runtime.getRuntime().maxMemory() / 2);
    }

    /**
     * The messages of a batch that a listing showed, those already done included; empty if it was claimed, moved or deleted
     * meanwhile.
     *
     * @throws DamagedBatchException if the file is at fault
     * @throws IOException if the disk is
     */
    public Optional<List<StoredMessage>> read(BatchEntry entry) throws IOException {
        List<StoredMessage> messages;
        try {
            if (entry.name().contents() == null) {
                requireClosedByWriter(disk, entry.path());
            }
            messages = engine.read(entry.path(), seal(entry.name()), mostMemory);
        } catch (IOException failed) {
            if (isGone(entry)) {
                return Optional.empty();
            }
            throw failed;
        }
        return isGone(entry) ? Optional.empty() : Optional.of(messages);
    }

    /** Refuses a database that has files of SQLite's beside it. */
    public static void requireClosedByWriter(Disk disk, Path database) throws IOException {
        if (SideFiles.areUnfinished(disk, database)) {
            throw new DamagedBatchException(Damage.JOURNAL, NOT_CLOSED);
        }
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
