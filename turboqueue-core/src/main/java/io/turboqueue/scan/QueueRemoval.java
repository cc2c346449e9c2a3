package io.turboqueue.scan;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.inspect.OwnerInfo;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.protocol.BatchMoves;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes a queue that no process is working on. Everything is checked before anything is deleted.
 *
 * @param disk the disk
 * @param scan lists the spool
 * @param folder the queue's folder
 */
public record QueueRemoval(Disk disk, SpoolScan scan, QueueFolder folder) {

    private static final Set<BatchState> RESTING = EnumSet.complementOf(EnumSet.of(BatchState.CLAIMED));

    /**
     * Checks whether it can be deleted.
     *
     * @return the number of batches in it
     * @throws IOException in one sentence if it cannot
     */
    public long check() throws IOException {
        return checked().size();
    }

    /**
     * Deletes it.
     *
     * @return the number of batches deleted
     * @throws IOException as {@link #check} does, or if it came into use meanwhile
     */
    public long run() throws IOException {
        List<BatchEntry> entries = checked();
        BatchMoves moves = new BatchMoves(disk);
        for (BatchEntry entry : entries) {
            moves.delete(entry.path());
        }
        Optional<String> rest = moves.removeQueue(folder);
        if (rest.isPresent()) {
            throw new IOException("the batches of " + folder.name() + " are deleted, but its folder holds \""
                    + Printable.of(rest.get()) + "\": it is still in use, or that is not the queue's");
        }
        return entries.size();
    }

    private List<BatchEntry> checked() throws IOException {
        requireNoneClaimed();
        List<BatchEntry> batches = new ArrayList<>();
        List<String> strangers = new ArrayList<>();
        new BatchMoves(disk).stranger(folder).ifPresent(strangers::add);
        scan.visit(List.of(folder.name()), RESTING, new SpoolScan.Visitor() {
            @Override
            public void batch(BatchEntry entry) {
                batches.add(entry);
            }

            @Override
            public void foreign(QueueName at, BatchState state, String file) {
                strangers.add(state.word() + "/" + file);
            }
        });
        for (BatchEntry entry : batches) {
            FileStatus found = disk.status(entry.path());
            if (found != null && !found.isFile()) {
                strangers.add(entry.state().word() + "/" + entry.fileName());
            }
        }
        if (!strangers.isEmpty()) {
            throw new IOException("the folder of " + folder.name() + " holds \"" + Printable.of(strangers.get(0))
                    + "\", which is not the queue's; nothing was deleted");
        }
        requireNoneBeingFilled();
        return batches;
    }

    private void requireNoneClaimed() throws IOException {
        int claimed = scan.batches(folder.name(), BatchState.CLAIMED).size();
        if (claimed > 0) {
            throw new IOException(claimed + (claimed == 1 ? " batch" : " batches") + " of " + folder.name()
                    + " claimed: stop its consumers, or run 'turboqueue recover' if they are dead");
        }
    }

    private void requireNoneBeingFilled() throws IOException {
        for (OwnerInfo owner : scan.owners()) {
            if (!owner.isDead()
                    && owner.holdings().filling().contains(folder.name().text())) {
                throw new IOException("process " + owner.pid() + " is filling a batch for " + folder.name()
                        + ": stop its producers first");
            }
        }
    }
}
