package io.turboqueue;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import io.turboqueue.inspect.BatchFilter;
import io.turboqueue.inspect.BatchInfo;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.SpoolSnapshot;
import io.turboqueue.layout.EncodablePath;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/**
 * A read-only view of a spool: queues, batches and the processes that own what is claimed, from file names alone. It
 * opens no batch and changes nothing; to see which processes live, it tries their locks for a moment. It holds no
 * resources, and may be used after the spool was closed. Thread-safe.
 */
public final class SpoolInspector {

    private final SpoolScan scan;
    private final InstantSource clock;

    SpoolInspector(SpoolScan scan, InstantSource clock) {
        this.scan = scan;
        this.clock = clock;
    }

    /**
     * A view of a spool that exists. Unlike {@link Spool#open(Path)}, this creates nothing, and it accepts a spool that
     * other users can write to or that is on a network file system.
     *
     * @param folder the spool's folder; not null
     * @return a new view; it does not have to be closed
     * @throws IOException in one sentence if there is no spool, or its folder cannot be read
     */
    public static SpoolInspector open(Path folder) throws IOException {
        return open(folder, InstantSource.system());
    }

    /**
     * Like {@link #open(Path)}, with another wall clock.
     *
     * @param folder the spool's folder; not null
     * @param clock gives snapshots their time
     * @return a new view; it does not have to be closed
     * @throws IOException in one sentence if there is no spool, or its folder cannot be read
     */
    public static SpoolInspector open(Path folder, InstantSource clock) throws IOException {
        EncodablePath.require(folder);
        Disk disk = new LocalDisk();
        SpoolFolder spool = SpoolFolder.existing(disk, folder);
        EncodablePath.require(spool.path()); // it may be behind a symbolic link
        return new SpoolInspector(new SpoolScan(disk, spool), clock);
    }

    /**
     * The names of the queues that have a folder. Symbolic links are left out.
     *
     * @return an unmodifiable list, sorted
     * @throws IOException if the spool's folder cannot be listed
     */
    public List<String> queues() throws IOException {
        return scan.queues().stream().map(QueueName::text).toList();
    }

    /**
     * Counts what is in one queue.
     *
     * @param queue the queue's name
     * @return the counts; all zero if the queue's folder does not exist
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IOException if a folder cannot be listed
     */
    public QueueStats stats(String queue) throws IOException {
        return scan.stats(new QueueName(queue));
    }

    /**
     * Counts what is in every queue, and lists the owners. Costs one listing of each folder.
     *
     * @return the counts now; a queue that cannot be listed is named with the reason and hides none of the others
     * @throws IOException if the spool's own folders cannot be listed
     */
    public SpoolSnapshot snapshot() throws IOException {
        return snapshot(queues());
    }

    /**
     * Counts what is in some queues, and lists the owners. Otherwise like {@link #snapshot()}.
     *
     * @param queues the names of the queues
     * @return the counts now, in this order
     * @throws IllegalArgumentException if a name is not allowed
     * @throws IOException if the owner directories cannot be listed
     */
    public SpoolSnapshot snapshot(Collection<String> queues) throws IOException {
        return scan.snapshot(queues.stream().map(QueueName::new).toList(), clock.instant(), entry -> {});
    }

    /**
     * A monitor that reports rates beside each snapshot.
     *
     * @return a new monitor without samples
     */
    public SpoolMonitor monitor() {
        return new SpoolMonitor(scan, clock);
    }

    /**
     * Lists batches of one queue.
     *
     * @param queue the queue's name; it need not exist
     * @param filter which batches; not null
     * @return a new list, in the order of claiming
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IOException if a folder cannot be listed
     */
    public List<BatchInfo> batches(String queue, BatchFilter filter) throws IOException {
        return batches(List.of(new QueueName(queue)), filter);
    }

    /**
     * Lists batches of all queues.
     *
     * @param filter which batches; not null
     * @return a new list, in the order of claiming whatever the queue
     * @throws IOException if a folder cannot be listed
     */
    public List<BatchInfo> batches(BatchFilter filter) throws IOException {
        return batches(scan.queues(), filter);
    }

    private List<BatchInfo> batches(Collection<QueueName> queues, BatchFilter filter) throws IOException {
        return scan.batches(queues, filter.states()).stream()
                .map(BatchEntry::info)
                .filter(filter::matches)
                .limit(filter.limit())
                .toList();
    }

    /**
     * Lists the owner directories of processes, living and dead. Those that are being opened are left out.
     *
     * @return a new list, by name
     * @throws IOException if a folder cannot be listed
     */
    public List<OwnerInfo> owners() throws IOException {
        return scan.owners();
    }
}
