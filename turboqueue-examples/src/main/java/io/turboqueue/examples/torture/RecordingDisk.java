package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import io.turboqueue.examples.torture.Operation.Kind;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes into the ledger which owner directories this process has and which batches it gives back, its own and those of others. It is
 * the outermost disk: what it writes down is what the queue believes to be doing.
 */
final class RecordingDisk extends SteppedDisk {

    private final HistoryFile ledger;
    private volatile String own = "";

    RecordingDisk(Disk disk, HistoryFile ledger) {
        super(disk);
        this.ledger = ledger;
    }

    @Override
    protected void step(Operation operation, Work work) throws IOException {
        work.run();
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        Operation rename = new Operation(Kind.RENAME, from, to);
        if (rename.targetFolder().equals(SpoolFolder.OWNERS)) {
            String name = to.getFileName().toString();
            own = rename.name().startsWith(".new-") ? name : own;
            ledger.write(Entry.OWNER, name);
        }
        Optional<OwnerEntry.Claimed> claim = returned(rename);
        if (claim.isEmpty() || isPutBack(claim.get(), rename)) {
            return super.rename(from, to);
        }
        write(Entry.RETURNING, claim.get(), rename.folder());
        boolean done = super.rename(from, to);
        if (done) {
            write(Entry.RETURNED, claim.get(), rename.folder());
        }
        return done;
    }

    /** Whether its owner gives a claim back that it never handed out: that ends no attempt. */
    private boolean isPutBack(OwnerEntry.Claimed claim, Operation rename) {
        boolean uncounted = BatchName.parse(rename.to().getFileName().toString())
                .filter(name -> name.attempt() == claim.batch().attempt())
                .isPresent();
        return uncounted && rename.folder().equals(own);
    }

    private void write(Entry entry, OwnerEntry.Claimed claim, String owner) throws IOException {
        BatchName batch = claim.batch();
        ledger.write(entry, claim.queue(), batch.id(), batch.attempt(), owner);
    }

    /** The claim that a rename gives back to its queue, wherever it comes to lie there. */
    private static Optional<OwnerEntry.Claimed> returned(Operation rename) {
        boolean toQueue = false;
        for (BatchState state : QueueFolder.STATES) {
            toQueue |= rename.targetFolder().equals(state.word());
        }
        return toQueue
                ? OwnerEntry.parse(rename.name())
                        .filter(OwnerEntry.Claimed.class::isInstance)
                        .map(OwnerEntry.Claimed.class::cast)
                : Optional.empty();
    }
}
