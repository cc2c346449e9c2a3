package io.turboqueue.protocol;

import io.turboqueue.disk.BatchRename;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.SideFiles;
import io.turboqueue.owner.OwnerDirectory;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The protocol: every step is one rename or one unlink, and so a compare-and-swap. Thread-safe.
 *
 * <p>The state table is in the package documentation.
 */
public final class Transitions {

    private final Disk disk;
    private final OwnerDirectory owner;
    private final Delays delays;

    /** Is told of each batch that this process has just put into {@code delayed/}. Thread-safe. */
    public interface Delays {
        /** The batch waits from now on. */
        void began(QueueFolder queue, BatchName batch);
    }

    /** Steps of the process with this owner directory. */
    public Transitions(Disk disk, OwnerDirectory owner, Delays delays) {
        this.disk = disk;
        this.owner = owner;
        this.delays = delays;
    }

    /**
     * Publishes a sealed file of this owner directory into a folder that must be there: into {@code ready/}, into {@code delayed/} if it is delayed, or into {@code dead/}.
     *
     * @param power whether this must survive power loss before it returns; the file's bytes were synced already
     * @return false if the file is gone, with the directory that it was in: this process has another one now
     * @throws IOException if it is not published
     */
    public boolean publish(QueueFolder queue, Path loading, BatchState to, String name, boolean power)
            throws IOException {
        Path folder = queue.of(to);
        Path target = folder.resolve(name);
        if (power) {
            owner.makeDurable();
        }
        if (!owner.rename(loading, target)) {
            return false;
        }
        if (power) {
            syncOrTakeBack(folder, target);
        }
        return true;
    }

    /** A name whose sync failed may not last: unless a consumer has it already, the batch counts as not published. */
    private void syncOrTakeBack(Path folder, Path published) throws IOException {
        try {
            disk.syncFolder(folder);
        } catch (IOException failed) {
            if (disk.unlink(published)) {
                throw failed;
            }
        }
    }

    /** Takes a ready batch; null if another consumer was first. */
    public @Nullable Claim claim(QueueFolder queue, BatchName name) throws IOException {
        long number = owner.nextClaim();
        BatchName claimed = name.claimed();
        Path path = owner.take(queue.of(BatchState.READY, name), new OwnerEntry.Claimed(number, queue.name(), claimed));
        return path == null ? null : new Claim(queue, claimed, number, path);
    }

    /** Records that the first messages are done; null if the claim was lost. */
    public @Nullable Claim checkpoint(Claim claim, long offset) throws IOException {
        return rename(claim, claim.batch().withOffset(offset), claim.number());
    }

    /** The same, and that only the message after them is begun, until another checkpoint says more. */
    public @Nullable Claim checkpointAndBegin(Claim claim, long offset) throws IOException {
        return rename(claim, claim.batch().withBegun(offset), claim.number());
    }

    /** Records that the message after the offset was set aside; null if the claim was lost. */
    public @Nullable Claim leaveOutNext(Claim claim) throws IOException {
        return rename(claim, claim.batch().withoutNext(), claim.number());
    }

    /**
     * Proves that the claim is still held, by giving it a new name; null if it was lost. Its time under
     * {@code delivery.maxProcessingTime} starts from the beginning.
     */
    public @Nullable Claim renew(Claim claim) throws IOException {
        return rename(claim, claim.batch(), owner.nextClaim());
    }

    private @Nullable Claim rename(Claim claim, BatchName name, long number) throws IOException {
        Path path = owner.rename(
                claim.path(), new OwnerEntry.Claimed(number, claim.queue().name(), name));
        return path == null ? null : new Claim(claim.queue(), name, number, path);
    }

    /** Where a claim is now: elsewhere than when it was made, if this process has taken a new directory since. */
    public Path pathOf(Claim claim) {
        return owner.now(claim.path());
    }

    /** Done for good, and the file kept for another batch if it may be; false if the claim was lost. */
    public boolean ack(Claim claim, RecycledFiles free) throws IOException {
        Path place = null;
        try {
            place = free.place(claim);
            if (place != null) {
                boolean done = owner.rename(claim.path(), place);
                if (done) {
                    free.kept(place);
                }
                return done;
            }
        } catch (IOException notKept) {
            free.forget(); // to keep a file is an economy: a full disk, say, must not hinder an ack
        }
        return ack(claim) || (place != null && disk.look(place) != null);
    }

    /** Done for good; false if the claim was lost. */
    public boolean ack(Claim claim) throws IOException {
        return owner.unlink(claim.path());
    }

    /** Gives the batch back with no attempt counted, as if it had never been claimed; false if the claim was lost. */
    public boolean unclaim(Claim claim) throws IOException {
        return toReady(claim, claim.batch().released());
    }

    /**
     * Gives the batch back after some of its messages were handed out that are not recorded as done: the delivery counts, but
     * as no failure. False if the claim was lost.
     */
    public boolean putBackAfterDelivery(Claim claim) throws IOException {
        return toReady(claim, claim.batch().releasedAfterDelivery());
    }

    /** Gives the batch back after a delivery that failed, claimable at once; false if the claim was lost. */
    public boolean retry(Claim claim) throws IOException {
        return toReady(claim, claim.batch().failed());
    }

    private boolean toReady(Claim claim, BatchName name) throws IOException {
        Path target = claim.queue().of(BatchState.READY, name);
        try {
            return move(claim, target);
        } catch (FolderGoneException queueDeleted) {
            claim.queue().ensure(disk, BatchState.READY);
            return move(claim, target);
        }
    }

    /** Gives the batch back after a delivery that failed, claimable when due; false if the claim was lost. */
    public boolean retryAt(Claim claim, long dueMillis) throws IOException {
        return toLater(claim, claim.batch().failed().dueAt(dueMillis));
    }

    /** Gives the batch back without counting a delivery, claimable when due; false if the claim was lost. */
    public boolean unclaimUntil(Claim claim, long dueMillis) throws IOException {
        return toLater(claim, claim.batch().released().dueAt(dueMillis));
    }

    private boolean toLater(Claim claim, BatchName name) throws IOException {
        claim.queue().ensure(disk, BatchState.DELAYED);
        boolean done = move(claim, claim.queue().of(BatchState.DELAYED, name));
        if (done) {
            delays.began(claim.queue(), name);
        }
        return done;
    }

    /**
     * Whether SQLite's files beside the batch say that its writer had not closed it. Asked of files of other programs only.
     */
    public boolean isUnfinished(Claim claim) throws IOException {
        return SideFiles.areUnfinished(disk, claim.queue(), claim.batch());
    }

    /**
     * Sets the batch aside for good, with SQLite's files that lay beside it; false if the claim was lost. The batch goes
     * first: if this process dies then, the files are found under its old name when it is redriven.
     */
    public boolean deadLetter(Claim claim, DeadName name) throws IOException {
        claim.queue().ensure(disk, BatchState.DEAD);
        Path target = claim.queue().dead(name);
        boolean done = move(claim, target);
        if (done && claim.batch().contents() == null) {
            SideFiles.follow(disk, claim.queue(), claim.batch(), target);
        }
        return done;
    }

    private boolean move(Claim claim, Path to) throws IOException {
        boolean done = owner.rename(claim.path(), to);
        if (done) {
            BatchRename.finish(disk, owner.now(claim.path()), to);
        }
        return done;
    }
}
