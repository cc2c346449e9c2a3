package io.turboqueue.cli.support;

import io.turboqueue.batch.BatchSeal;
import io.turboqueue.disk.Disk;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that may be a batch: one of the spool, or any other.
 *
 * @param path where it is
 * @param name what its name says; null if that is not a batch's
 * @param entry the spool's batch; null for a file that was named by its path
 */
public record BatchFile(
        Path path, @Nullable BatchName name, @Nullable BatchEntry entry) {

    /** A batch of the spool. */
    static BatchFile of(BatchEntry entry) {
        return new BatchFile(entry.path(), entry.name(), entry);
    }

    /** A file, by whatever kind of name it has. */
    static BatchFile of(Path path) {
        String text = path.getFileName().toString();
        BatchName name = BatchName.parse(text)
                .or(() -> DeadName.parse(text).map(DeadName::batch))
                .or(() -> OwnerEntry.parse(text)
                        .filter(OwnerEntry.Claimed.class::isInstance)
                        .map(entry -> ((OwnerEntry.Claimed) entry).batch()))
                .orElse(null);
        return new BatchFile(path, name, null);
    }

    /** What the file must hold; null if nothing tells. */
    public @Nullable BatchSeal seal() {
        return name == null ? null : BatchReading.seal(name);
    }

    /** Refuses a database of another program that has files of SQLite's beside it; a seal proves that there are none. */
    public void requireClosedByWriter(Disk disk) throws IOException {
        if (seal() == null) {
            BatchReading.requireClosedByWriter(disk, path);
        }
    }
}
