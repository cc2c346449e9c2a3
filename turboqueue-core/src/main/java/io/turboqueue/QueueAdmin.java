package io.turboqueue;

import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.pages.BatchSalvage;
import io.turboqueue.disk.Disk;
import io.turboqueue.inspect.BatchChanges;
import io.turboqueue.inspect.BatchFilter;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.SideFiles;
import io.turboqueue.protocol.BatchMoves;
import io.turboqueue.scan.BatchEntry;
import io.turboqueue.scan.BatchReading;
import io.turboqueue.scan.QueueRemoval;
import io.turboqueue.scan.SpoolScan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does to a queue: pause and resume, hold and release, redrive, move, purge, salvage, drop. Each change
 * of a batch is one rename or one unlink, safe while producers and consumers are at work in any process; a batch that is
 * claimed is never touched. A crash in the middle leaves every batch either changed or not. Once the spool is closed,
 * every method throws {@link IllegalStateException}. Thread-safe.
 */
public final class QueueAdmin {

    private static final Set<BatchState> RESTING = EnumSet.complementOf(EnumSet.of(BatchState.CLAIMED));
    private static final String SALVAGED = "-salvaged";

    private final Spool spool;
    private final QueueFolder folder;
    private final Disk disk;
    private final SpoolScan scan;
    private final InstantSource clock;

    QueueAdmin(Spool spool, QueueFolder folder, SpoolScan scan, Disk disk, InstantSource clock) {
        this.spool = spool;
        this.folder = folder;
        this.scan = scan;
        this.disk = disk;
        this.clock = clock;
    }

    /** One rename or unlink; false if the batch is not there any more. */
    private interface Step {
        boolean apply(BatchEntry entry) throws IOException;
    }

    /**
     * Keeps consumers of every process from claiming. They notice within a tenth of a second, later where a listing
     * takes long, and finish what they have claimed. Producers continue.
     *
     * @return false if the queue was paused already
     * @throws IOException if the mark cannot be written
     */
    public boolean pause() throws IOException {
        return moves().pause(folder);
    }

    /**
     * Lets consumers claim again; they notice within a second.
     *
     * @return false if the queue was not paused
     * @throws IOException if the mark cannot be deleted
     */
    public boolean resume() throws IOException {
        return moves().resume(folder);
    }

    /**
     * Sets ready and delayed batches aside, so that nobody claims them until they are {@linkplain #release released}.
     *
     * @param filter which batches; those in other states are left alone
     * @return what was done
     * @throws IOException if the queue cannot be listed
     */
    public BatchChanges hold(BatchFilter filter) throws IOException {
        return apply(EnumSet.of(BatchState.READY, BatchState.DELAYED), filter, entry -> moves().hold(
                        folder, entry.state(), entry.name()));
    }

    /**
     * Puts held batches back: they are ready again, or delayed if they are not due yet.
     *
     * @param filter which batches; those in other states are left alone
     * @return what was done
     * @throws IOException if the queue cannot be listed
     */
    public BatchChanges release(BatchFilter filter) throws IOException {
        long now = clock.millis();
        return apply(EnumSet.of(BatchState.HELD), filter, entry -> moves().release(folder, entry.name(), now));
    }

    /**
     * Makes dead letters claimable again, with their {@linkplain ClaimedBatch#failures failures} reset to 0. The number
     * of their {@linkplain ClaimedBatch#attempt attempts} stays. A damaged batch becomes a dead letter again as soon as
     * it is claimed; see {@link #salvage}.
     *
     * @param filter which batches; those in other states are left alone
     * @return what was done
     * @throws IOException if the queue cannot be listed
     */
    public BatchChanges redrive(BatchFilter filter) throws IOException {
        return apply(EnumSet.of(BatchState.DEAD), filter, entry -> moves().redrive(
                        folder, DeadName.parse(entry.fileName()).orElseThrow()));
    }

    /**
     * Moves batches into another queue of the spool, each in the state it is in.
     *
     * @param queue the other queue's name; it need not exist
     * @param filter which batches; claimed ones are left alone
     * @return what was done
     * @throws IllegalArgumentException if the name is not allowed, or is this queue's
     * @throws IOException if the queue cannot be listed, or the other queue's folder is a symbolic link
     */
    public BatchChanges moveTo(String queue, BatchFilter filter) throws IOException {
        QueueFolder target = spool.queueFolder(queue);
        if (target.name().equals(folder.name())) {
            throw new IllegalArgumentException("queue " + queue + " is where the batches are already");
        }
        return apply(RESTING, filter, entry -> moves().move(folder, entry.state(), entry.fileName(), target));
    }

    /**
     * Deletes batches for good.
     *
     * @param filter which batches; claimed ones are left alone
     * @return what was done
     * @throws IOException if the queue cannot be listed
     */
    public BatchChanges purge(BatchFilter filter) throws IOException {
        return apply(RESTING, filter, entry -> moves().delete(entry.path()));
    }

    private BatchMoves moves() {
        spool.requireOpen();
        return new BatchMoves(disk);
    }

    private BatchChanges apply(Set<BatchState> allowed, BatchFilter filter, Step step) throws IOException {
        spool.requireOpen();
        Set<BatchState> states = EnumSet.copyOf(filter.states());
        states.retainAll(allowed);
        List<BatchEntry> entries = scan.batches(List.of(folder.name()), states).stream()
                .filter(entry -> filter.matches(entry.info()))
                .limit(filter.limit())
                .toList();
        long changed = 0;
        long messages = 0;
        Map<String, IOException> failures = new LinkedHashMap<>();
        for (BatchEntry entry : entries) {
            try {
                if (step.apply(entry)) {
                    changed++;
                    messages += entry.name().messages();
                }
            } catch (IOException failed) {
                failures.put(entry.name().id(), failed); // it keeps none of the others from their turn
            }
        }
        return new BatchChanges(changed, messages, entries.size() - changed - failures.size(), failures);
    }

    /**
     * Checks whether the queue can be {@linkplain #drop dropped}, without changing anything.
     *
     * @return the number of batches that would be deleted
     * @throws IOException in one sentence that says why it cannot: a process has a batch of it claimed or is filling
     *     one, or its folder holds files that are not the queue's
     */
    public long checkDrop() throws IOException {
        return removal().check();
    }

    /**
     * Deletes the queue for good: its batches in all states, its settings, its folder. Stop its producers first: what
     * they have buffered would be published into a new queue of that name.
     *
     * @return the number of batches deleted
     * @throws IOException as {@link #checkDrop} does, and nothing is deleted then; or if the disk fails, or somebody
     *     publishes in the meantime
     */
    public long drop() throws IOException {
        return removal().run();
    }

    private QueueRemoval removal() {
        spool.requireOpen();
        return new QueueRemoval(disk, scan, folder);
    }

    /**
     * Publishes the messages of a damaged batch that can still be read, as a new ready batch. The file itself is kept.
     * If it is a dead letter of this spool, its reason becomes {@code REASON-salvaged}; a second call creates
     * duplicates all the same. Where bits have flipped, a message may be readable and still be wrong.
     *
     * @param damaged the batch file, usually in {@code dead/}
     * @return the number of messages published; 0 if none could be read
     * @throws CorruptBatchException if nothing can be found in the file, not even its table, or its writer had not
     *     closed it
     * @throws IOException if the disk fails
     */
    public int salvage(Path damaged) throws IOException {
        SortedMap<Long, StoredMessage> rows = readable(damaged);
        if (!rows.isEmpty()) {
            spool.context(folder).publishReady(identified(damaged, rows));
            mark(damaged);
        }
        return rows.size();
    }

    private SortedMap<Long, StoredMessage> readable(Path damaged) throws IOException {
        String name = damaged.getFileName().toString();
        if (SideFiles.areUnfinished(disk, damaged)) {
            throw new CorruptBatchException(
                    name,
                    new DamagedBatchException(
                            Damage.JOURNAL,
                            BatchReading.NOT_CLOSED + "; open it once with sqlite3, which ends that, and redrive it"));
        }
        try {
            return new BatchSalvage(disk)
                    .rows(damaged, batchName(damaged).map(BatchReading::seal).orElse(null));
        } catch (DamagedBatchException hopeless) {
            throw new CorruptBatchException(name, hopeless);
        }
    }

    /** In a file of this library a row's id is its position, so its message is known again. */
    private static List<StoredMessage> identified(Path file, SortedMap<Long, StoredMessage> rows) {
        @Nullable BatchName name = batchName(file).orElse(null);
        if (name == null || name.contents() == null) {
            return List.copyOf(rows.values());
        }
        List<StoredMessage> messages = new ArrayList<>();
        rows.forEach((id, message) -> messages.add(Headers.identified(message, name.id() + "/" + id)));
        return messages;
    }

    private static Optional<BatchName> batchName(Path file) {
        String name = file.getFileName().toString();
        return BatchName.parse(name).or(() -> DeadName.parse(name).map(DeadName::batch));
    }

    /** The file may be a dead letter of another queue of this spool. */
    private void mark(Path salvaged) throws IOException {
        Path file = salvaged.toAbsolutePath().normalize();
        Optional<DeadName> dead = DeadName.parse(file.getFileName().toString());
        Optional<QueueFolder> queue = queueWithDeadLetter(file);
        if (dead.isPresent() && queue.isPresent() && !dead.get().reason().endsWith(SALVAGED)) {
            moves().mark(queue.get(), dead.get(), dead.get().reason() + SALVAGED);
        }
    }

    private Optional<QueueFolder> queueWithDeadLetter(Path file) throws IOException {
        for (String name : spool.queues()) {
            QueueFolder queue = spool.queueFolder(name);
            if (queue.of(BatchState.DEAD).equals(file.getParent())) {
                return Optional.of(queue);
            }
        }
        return Optional.empty();
    }
}
