package io.turboqueue.directory;

import io.turboqueue.io.Disk;
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
    private final Desk desk;

    /** Steps of the process with this desk. */
    public Transitions(Disk disk, Desk desk) {
        this.disk = disk;
        this.desk = desk;
    }

    /**
     * Publishes a sealed file of this desk into a folder that must be there: into {@code ready/}, into {@code later/} if it is delayed, or into {@code dead/}.
     *
     * @param power whether this must survive power loss before it returns; the file's bytes were synced already
     * @throws IOException if it is not published
     */
    public void publish(QueueFolder queue, Path loading, State to, String name, boolean power) throws IOException {
        Path folder = queue.of(to);
        Path target = folder.resolve(name);
        if (power) {
            desk.makeDurable();
        }
        if (!disk.rename(loading, target)) {
            desk.requireHere();
            throw new IOException("batch file " + loading + " is gone, so it was not published");
        }
        if (power) {
            syncOrTakeBack(folder, target);
        }
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
        long number = desk.nextClaim();
        Path path = desk.claim(number, queue.name(), name);
        return disk.rename(queue.of(State.READY, name), path) ? new Claim(queue, name, number, path) : null;
    }

    /** Records that the first messages are done; null if the claim was lost. */
    public @Nullable Claim checkpoint(Claim claim, long offset) throws IOException {
        BatchName name = claim.batch().withOffset(offset);
        Path path = desk.claim(claim.number(), claim.queue().name(), name);
        return disk.rename(claim.path(), path) ? new Claim(claim.queue(), name, claim.number(), path) : null;
    }

    /**
     * Proves that the claim is still held, by giving it a new name; null if it was lost. Its time under
     * {@code delivery.maxProcessingTime} starts anew.
     */
    public @Nullable Claim renew(Claim claim) throws IOException {
        long number = desk.nextClaim();
        Path path = desk.claim(number, claim.queue().name(), claim.batch());
        return disk.rename(claim.path(), path) ? new Claim(claim.queue(), claim.batch(), number, path) : null;
    }

    /** Done for good, and the file kept for another batch if it may be; false if the claim was lost. */
    public boolean ack(Claim claim, FreeFiles free) throws IOException {
        Path place = null;
        try {
            place = free.place(claim);
            if (place != null) {
                boolean done = disk.rename(claim.path(), place);
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
        return disk.unlink(claim.path());
    }

    /** Gives the batch back as it was, as if it had never been claimed; false if the claim was lost. */
    public boolean putBack(Claim claim) throws IOException {
        return disk.rename(claim.path(), claim.queue().of(State.READY, claim.batch()));
    }

    /** Gives the batch back after a delivery that failed, claimable at once; false if the claim was lost. */
    public boolean retry(Claim claim) throws IOException {
        return disk.rename(
                claim.path(), claim.queue().of(State.READY, claim.batch().delivered()));
    }

    /** Gives the batch back after a delivery that failed, claimable when due; false if the claim was lost. */
    public boolean retryAt(Claim claim, long dueMillis) throws IOException {
        return toLater(claim, claim.batch().delivered().dueAt(dueMillis));
    }

    /** Gives the batch back without counting a delivery, claimable when due; false if the claim was lost. */
    public boolean putBackAt(Claim claim, long dueMillis) throws IOException {
        return toLater(claim, claim.batch().dueAt(dueMillis));
    }

    private boolean toLater(Claim claim, BatchName name) throws IOException {
        claim.queue().ensure(disk, State.LATER);
        return disk.rename(claim.path(), claim.queue().of(State.LATER, name));
    }

    /** Sets the batch aside for good; false if the claim was lost. */
    public boolean deadLetter(Claim claim, DeadName name) throws IOException {
        claim.queue().ensure(disk, State.DEAD);
        return disk.rename(claim.path(), claim.queue().dead(name));
    }
}
