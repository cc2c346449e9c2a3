package io.turboqueue.inspect;

import io.turboqueue.directory.BatchName;
import io.turboqueue.directory.DeadName;
import io.turboqueue.directory.DeskContents;
import io.turboqueue.directory.DeskEntry;
import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.SpoolFolder;
import io.turboqueue.directory.State;
import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Looks at one queue. Stateless but for where to look, and thread-safe. */
public final class QueueScan {

    private final Disk disk;
    private final SpoolFolder spool;
    private final QueueFolder queue;

    /** A view of a queue, which need not exist. */
    @SuppressWarnings("exports") // made by the floor above, not by applications
    public QueueScan(Disk disk, SpoolFolder spool, QueueFolder queue) {
        this.disk = disk;
        this.spool = spool;
        this.queue = queue;
    }

    /** Counts everything. Costs one listing of each of the queue's folders and of each desk. */
    public QueueStats stats() throws IOException {
        Tally ready = tally(State.READY, BatchName::parse);
        Tally later = tally(State.LATER, BatchName::parse);
        Tally dead = tally(State.DEAD, text -> DeadName.parse(text).map(DeadName::batch));
        return new QueueStats(
                ready.stats, later.stats, claimed(), dead.stats, ready.foreign + later.foreign + dead.foreign);
    }

    /**
     * A ready batch.
     *
     * @param name what its name says
     * @param path the file
     */
    @SuppressWarnings("exports") // for the floor above, not for applications
    public record Ready(BatchName name, Path path) {}

    /** The ready batches in the order in which they are claimed. */
    public List<Ready> ready() throws IOException {
        List<BatchName> names = new ArrayList<>();
        try {
            disk.list(queue.of(State.READY), text -> BatchName.parse(text).ifPresent(names::add));
        } catch (FolderGoneException notMadeYet) {
            return List.of();
        }
        return names.stream()
                .distinct()
                .sorted(Comparator.comparing(BatchName::format))
                .map(name -> new Ready(name, queue.of(State.READY, name)))
                .toList();
    }

    private Tally tally(State state, Function<String, Optional<BatchName>> parser) throws IOException {
        Tally tally = new Tally();
        try {
            disk.list(queue.of(state), text -> tally.add(parser.apply(text)));
        } catch (FolderGoneException notMadeYet) {
            return new Tally();
        }
        return tally;
    }

    private StateStats claimed() throws IOException {
        StateStats stats = StateStats.NONE;
        for (String desk : spool.desks(disk)) {
            for (DeskEntry entry :
                    DeskContents.of(disk, spool.owners().resolve(desk)).entries()) {
                if (entry instanceof DeskEntry.Claimed claimed
                        && claimed.queue().equals(queue.name())) {
                    stats = stats.plus(claimed.batch());
                }
            }
        }
        return stats;
    }

    private static final class Tally {
        StateStats stats = StateStats.NONE;
        long foreign;

        void add(Optional<BatchName> name) {
            if (name.isPresent()) {
                stats = stats.plus(name.get());
            } else {
                foreign++;
            }
        }
    }
}
