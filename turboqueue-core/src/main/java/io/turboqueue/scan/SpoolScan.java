package io.turboqueue.scan;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.inspect.QueueStats;
import io.turboqueue.inspect.SpoolSnapshot;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.OwnerContents;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SideFiles;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.Liveness;
import io.turboqueue.owner.ProcFolder;
import io.turboqueue.owner.Processes;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a spool: its queues, batches and owners, from names alone. No batch is opened and nothing changed or made; {@link
 * #owners} tries each owner's lock for a moment, and so opens its lock file. Thread-safe.
 */
public final class SpoolScan {

    /** Priority, then due time, then id: the order of names as text, which is that of claiming. */
    public static final Comparator<BatchEntry> IN_ORDER = SpoolScan::compare;

    private static final String CHANGED = "unix:ctime";

    private final Disk disk;
    private final SpoolFolder spool;
    private final Liveness liveness;

    /** A view of a spool. */
    public SpoolScan(Disk disk, SpoolFolder spool) {
        this(disk, spool, ProcFolder.SYSTEM);
    }

    /** The same with another view of processes. */
    public SpoolScan(Disk disk, SpoolFolder spool, Processes processes) {
        this.disk = disk;
        this.spool = spool;
        this.liveness = new Liveness(disk, spool, processes);
    }

    /** Is shown what a listing finds. */
    public interface Visitor {
        /** A batch. */
        void batch(BatchEntry entry);

        /** A name in a queue's folder that is not a batch's. */
        default void foreign(QueueName queue, BatchState state, String name) {}
    }

    /** One method, not a chain of comparators: there may be a hundred thousand to sort. */
    private static int compare(BatchEntry a, BatchEntry b) {
        int byPriority = Integer.compare(a.name().priority(), b.name().priority());
        if (byPriority != 0) {
            return byPriority;
        }
        int byDue = Long.compare(a.name().dueMillis(), b.name().dueMillis());
        return byDue != 0 ? byDue : a.name().id().compareTo(b.name().id());
    }

    /** The queues there are, by name. */
    public List<QueueName> queues() throws IOException {
        return spool.queues(disk);
    }

    /** The names of queues that symbolic links have, which nobody serves. */
    public List<QueueName> links() throws IOException {
        return spool.links(disk);
    }

    /** Whether the queue has a folder. */
    public boolean exists(QueueName queue) throws IOException {
        return disk.look(spool.queue(queue).path()) != null;
    }

    /** Counts everything in one queue, which need not exist. */
    public QueueStats stats(QueueName queue) throws IOException {
        return stats(List.of(queue)).getOrDefault(queue, new QueueStats(Map.of(), 0, false));
    }

    /** Counts everything. Costs one listing of each of the queues' folders and of each owner directory. */
    public Map<QueueName, QueueStats> stats(Collection<QueueName> queues) throws IOException {
        Map<QueueName, Tally> tallies = new LinkedHashMap<>();
        queues.forEach(queue -> tallies.put(queue, new Tally()));
        visit(queues, Set.of(BatchState.values()), new Visitor() {
            @Override
            public void batch(BatchEntry entry) {
                tally(entry.queue()).add(entry);
            }

            @Override
            public void foreign(QueueName queue, BatchState state, String name) {
                tally(queue).addForeign();
            }

            private Tally tally(QueueName queue) {
                return tallies.computeIfAbsent(queue, name -> new Tally());
            }
        });
        Map<QueueName, QueueStats> stats = new LinkedHashMap<>();
        for (Map.Entry<QueueName, Tally> tally : tallies.entrySet()) {
            boolean paused = spool.queue(tally.getKey()).isPaused(disk);
            stats.put(tally.getKey(), tally.getValue().stats(paused));
        }
        return stats;
    }

    /**
     * Takes a snapshot with one listing of each folder. A queue that cannot be listed hides none of the others.
     *
     * @param queues which queues, in this order
     * @param time the time to be given to it
     * @param visitor is shown every batch of a queue that could be listed
     */
    public SpoolSnapshot snapshot(Collection<QueueName> queues, Instant time, Visitor visitor) throws IOException {
        Map<QueueName, List<BatchEntry>> claims = new HashMap<>();
        List<OwnerInfo> owners = owners(claim -> claims.computeIfAbsent(claim.queue(), queue -> new ArrayList<>())
                .add(claim));
        Map<String, QueueStats> stats = new LinkedHashMap<>();
        Map<String, String> unreadable = new LinkedHashMap<>();
        for (QueueName queue : queues) {
            try {
                stats.put(queue.text(), stats(queue, claims.getOrDefault(queue, List.of()), visitor));
            } catch (IOException failed) {
                unreadable.put(queue.text(), Printable.of(String.valueOf(failed.getMessage())));
            }
        }
        return new SpoolSnapshot(time, stats, unreadable, owners);
    }

    private QueueStats stats(QueueName queue, List<BatchEntry> claims, Visitor visitor) throws IOException {
        Tally tally = new Tally();
        List<BatchEntry> entries = new ArrayList<>(claims);
        visit(List.of(queue), Set.copyOf(QueueFolder.STATES), new Visitor() {
            @Override
            public void batch(BatchEntry entry) {
                entries.add(entry);
            }

            @Override
            public void foreign(QueueName at, BatchState state, String name) {
                tally.addForeign();
            }
        });
        entries.forEach(tally::add);
        entries.forEach(visitor::batch);
        return tally.stats(spool.queue(queue).isPaused(disk));
    }

    /** The batches of one queue in one state, in the order of their names, which is that of claiming. */
    public List<BatchEntry> batches(QueueName queue, BatchState state) throws IOException {
        return batches(List.of(queue), Set.of(state));
    }

    /** The batches in some states of some queues, in the order of claiming whatever the queue. */
    public List<BatchEntry> batches(Collection<QueueName> queues, Set<BatchState> states) throws IOException {
        List<BatchEntry> entries = new ArrayList<>();
        visit(queues, states, entries::add);
        entries.sort(IN_ORDER);
        return withoutDoubles(entries);
    }

    private static boolean isSameFile(BatchEntry a, BatchEntry b) {
        return a.fileName().equals(b.fileName()) && a.folder().equals(b.folder());
    }

    private static List<BatchEntry> withoutDoubles(List<BatchEntry> sorted) {
        List<BatchEntry> distinct = new ArrayList<>(sorted.size());
        for (BatchEntry entry : sorted) {
            if (distinct.isEmpty() || !isSameFile(entry, distinct.get(distinct.size() - 1))) {
                distinct.add(entry);
            }
        }
        return distinct;
    }

    /** Shows what is in some states of some queues, in no order. Entries renamed meanwhile may be missed or shown twice. */
    public void visit(Collection<QueueName> queues, Set<BatchState> states, Visitor visitor) throws IOException {
        for (QueueName queue : queues) {
            for (BatchState state : QueueFolder.STATES) {
                if (states.contains(state)) {
                    visit(spool.queue(queue), state, visitor);
                }
            }
        }
        if (states.contains(BatchState.CLAIMED)) {
            visitClaims(new HashSet<>(queues), visitor);
        }
    }

    private void visit(QueueFolder queue, BatchState state, Visitor visitor) throws IOException {
        Path folder = queue.of(state);
        try {
            queue.list(disk, folder, text -> {
                BatchEntry entry =
                        state == BatchState.DEAD ? dead(queue, folder, text) : resting(queue, state, folder, text);
                if (entry != null) {
                    visitor.batch(entry);
                } else if (!isOfBatchSetAside(state, text)) {
                    visitor.foreign(queue.name(), state, text);
                }
            });
        } catch (FolderGoneException notMadeYet) {
            // nothing there
        }
    }

    /** What lay beside a batch went with it. */
    private static boolean isOfBatchSetAside(BatchState state, String name) {
        return (state == BatchState.DEAD || state == BatchState.HELD) && SideFiles.isName(name);
    }

    private static @Nullable BatchEntry resting(QueueFolder queue, BatchState state, Path folder, String text) {
        return BatchName.parse(text)
                .map(name -> new BatchEntry(queue.name(), state, name, folder, text))
                .orElse(null);
    }

    private static @Nullable BatchEntry dead(QueueFolder queue, Path folder, String text) {
        return DeadName.parse(text)
                .map(name -> new BatchEntry(queue.name(), BatchState.DEAD, name.batch(), folder, text))
                .orElse(null);
    }

    private void visitClaims(Set<QueueName> queues, Visitor visitor) throws IOException {
        for (OwnerName owner : spool.ownerNames(disk)) {
            for (BatchEntry claim : claims(owner, contents(owner))) {
                if (queues.contains(claim.queue())) {
                    visitor.batch(claim);
                }
            }
        }
    }

    private OwnerContents contents(OwnerName owner) throws IOException {
        return OwnerContents.of(disk, spool.owners().resolve(owner.format()));
    }

    private List<BatchEntry> claims(OwnerName owner, OwnerContents contents) {
        List<BatchEntry> claims = new ArrayList<>();
        for (OwnerEntry entry : contents.entries()) {
            if (entry instanceof OwnerEntry.Claimed claimed) {
                Path folder = spool.owners().resolve(owner.format());
                claims.add(
                        new BatchEntry(claimed.queue(), BatchState.CLAIMED, claimed.batch(), folder, claimed.format()));
            }
        }
        return claims;
    }

    /** The owners and what they have, by name. Those that are being opened just now are left out. */
    public List<OwnerInfo> owners() throws IOException {
        return owners(entry -> {});
    }

    /** Shows each claim to the visitor as well. */
    List<OwnerInfo> owners(Visitor claims) throws IOException {
        List<OwnerInfo> owners = new ArrayList<>();
        for (OwnerName owner : spool.ownerNames(disk)) {
            if (owner.form() != OwnerName.Form.OPENING) {
                owners.add(owner(owner, claims));
            }
        }
        owners.sort(Comparator.comparing(OwnerInfo::directory));
        return owners;
    }

    private OwnerInfo owner(OwnerName name, Visitor claims) throws IOException {
        OwnerContents contents = contents(name);
        List<BatchEntry> claimed = claims(name, contents);
        claimed.forEach(claims::batch);
        List<String> filling = contents.entries().stream()
                .filter(OwnerEntry.Loading.class::isInstance)
                .map(entry -> entry.queue().text())
                .toList();
        return new OwnerInfo(
                name.format(),
                name.label(),
                name.process().pid(),
                liveness(name),
                new OwnerInfo.Holdings(claimed.stream().map(BatchEntry::info).toList(), filling, oldest(claimed)));
    }

    /** One odd directory must not hide all the others. */
    private OwnerInfo.Status liveness(OwnerName name) {
        try {
            return switch (liveness.look(name)) {
                case ALIVE -> OwnerInfo.Status.ALIVE;
                case DEAD -> OwnerInfo.Status.DEAD;
                case PRESENT -> OwnerInfo.Status.SILENT;
                case UNKNOWN -> OwnerInfo.Status.IN_QUESTION;
            };
        } catch (IOException untold) {
            return OwnerInfo.Status.UNKNOWN;
        }
    }

    private static Optional<Instant> oldest(List<BatchEntry> claims) throws IOException {
        List<Instant> times = new ArrayList<>();
        for (BatchEntry claim : claims) {
            claimedAt(claim).ifPresent(times::add);
        }
        return times.stream().min(Comparator.naturalOrder());
    }

    /** When a claim got its present name, for people to see; the queue itself never looks at file times. */
    public static Optional<Instant> claimedAt(BatchEntry claim) throws IOException {
        try {
            FileTime time = (FileTime) Files.getAttribute(claim.path(), CHANGED, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(time.toInstant());
        } catch (NoSuchFileException settledMeanwhile) {
            return Optional.empty();
        }
    }
}
