package io.turboqueue.simulator;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches everything that is done to the disk, and stops the game at the first broken promise. */
final class Referee {

    static final long LEASE_NANOS = 500_000_000L;

    private final World world;
    private final Set<Path> takenBack = new HashSet<>();

    Referee(World world) {
        this.world = world;
    }

    void renamed(Player by, MemoryDisk.Inode inode, Path from, Path to, MemoryDisk.@Nullable Inode replaced) {
        Place source = Place.of(from);
        Place target = Place.of(to);
        if (replaced != null) {
            throw new Violation(by + " overwrites " + Place.words(to));
        }
        robs(by, inode, from, to);
        if (source == Place.LOADING) {
            published(by, inode, from, to, target);
        } else if (source == Place.CLAIMED && target != Place.CLAIMED) {
            givenBack(by, inode, from, to, target);
        }
    }

    private void published(Player by, MemoryDisk.Inode inode, Path from, Path to, Place target) {
        if (!by.owns(from)) {
            throw new Violation(by + " promotes " + Place.words(from));
        }
        Batch batch = batch(to);
        if (target.isPublished() && !batch.isIn(inode.bytes, inode.length)) {
            throw new Violation(by + " publishes " + Place.words(to) + ", which is not whole");
        }
    }

    private void givenBack(Player by, MemoryDisk.Inode inode, Path from, Path to, Place target) {
        Batch batch = batch(from);
        if (!by.owns(from) || (by.hasLimit() && world.nanos() - inode.namedAt >= LEASE_NANOS)) {
            takenBack.add(from); // by another process, or by the owner's own upkeep
        }
        if (target == Place.FREE) {
            batch.end();
        } else if (target != Place.DEAD && Place.attempt(from) == Place.attempt(to)) {
            batch.life++; // put back as if it had never been claimed
        }
    }

    void unlinked(Player by, MemoryDisk.Inode inode, Path path) {
        robs(by, inode, path, null);
        Place place = Place.of(path);
        if (place == Place.CLAIMED && by.owns(path)) {
            batch(path).end();
        } else if (place.isPublished() && !by.mayDelete(path)) {
            throw new Violation(by + " deletes " + Place.words(path));
        }
    }

    /** What lies in the owner directory of a living owner is its own, unless its queue has a limit that was exceeded. */
    private void robs(Player by, MemoryDisk.Inode inode, Path path, @Nullable Path to) {
        Place place = Place.of(path);
        if ((place != Place.CLAIMED && place != Place.LOADING) || by.owns(path) || !isOwnerAlive(path)) {
            return;
        }
        boolean isTakeBack =
                place == Place.CLAIMED && to != null && Place.of(to).isPublished();
        if (isTakeBack && by.hasLimit() && world.nanos() - inode.namedAt >= LEASE_NANOS) {
            return;
        }
        throw new Violation(by + " takes " + Place.words(path) + " from its living owner");
    }

    private boolean isOwnerAlive(Path path) {
        MemoryDisk.Folder owner = world.disk.folder(path.getParent());
        return owner != null
                && owner.owner != null
                && !owner.owner.isDead()
                && !owner.owner.mayBeTakenForDead()
                && !MemoryDisk.name(owner.path).startsWith("left-");
    }

    void written(Player by, MemoryDisk.Inode inode) {
        if (inode.readers > 0) {
            throw new Violation(by + " writes to a file that somebody is still reading as another batch");
        }
        if (inode.path == null && by.mayBeTakenForDead()) {
            return; // it was deleted, and its owner does not know yet
        }
        if (inode.path == null || Place.of(inode.path) != Place.LOADING || !by.owns(inode.path)) {
            throw new Violation(by + " writes to a file that is no longer his: " + inode.path);
        }
        if (inode.copied != null) {
            throw new Violation(by + " writes to a file that has another name outside");
        }
    }

    /** All messages of a claimed batch were read and are about to be handled. */
    void delivers(Player by, Batch batch, int attempt, boolean whole) {
        if (!whole) {
            throw new Violation(by + " is delivered something else than " + batch.id + " holds");
        }
        if (batch.over) {
            throw new Violation(by + " is delivered " + batch.id + ", which was acked");
        }
        if (!batch.deliver(attempt)) {
            throw new Violation(by + " is delivered " + batch.id + " a second time as attempt " + attempt);
        }
    }

    void foundDamaged(Player by, Batch batch) {
        if (!batch.mayBeLost && batch.inode != null) {
            throw new Violation(by + " finds " + batch.id + " damaged");
        }
    }

    void lostClaim(Player by, Path claim) {
        if (!takenBack.contains(claim)) {
            throw new Violation(by + " lost its claim " + Place.words(claim) + ", and nobody took it back");
        }
    }

    /** Right after a power cut: what had to survive it is there. */
    void checkAfterCut() {
        for (Batch batch : world.batches.values()) {
            batch.life++;
            if (!batch.power) {
                batch.mayBeLost = true;
            } else if (batch.returned && !batch.wasOver) {
                requireThere(batch);
            }
            batch.over = false; // an ack is not synced: what was acked may come again
        }
        world.disk.folders.values().forEach(folder -> folder.files.values().forEach(this::requireWhole));
    }

    private static void requireThere(Batch batch) {
        MemoryDisk.Inode inode = batch.inode;
        if (inode == null || inode.path == null || !Place.of(inode.path).isPublished()) {
            throw new Violation("the power cut lost " + batch.id + ", whose publish had returned");
        }
    }

    /** A name that had to be synced must not come back over the content of another batch. */
    private void requireWhole(MemoryDisk.Inode inode) {
        Path path = inode.path;
        if (path != null && Place.of(path).isPublished()) {
            Batch batch = batch(path);
            if (!batch.mayBeLost && !batch.isIn(inode.bytes, inode.length)) {
                throw new Violation("the power cut damaged " + Place.words(path));
            }
        }
    }

    Batch batch(Path path) {
        Batch batch = world.batches.get(Place.id(path));
        if (batch == null) {
            throw new Violation("nobody knows the batch of " + path);
        }
        return batch;
    }

    /** Everything was drained and everybody has left. */
    void checkAtRest() {
        for (MemoryDisk.Folder folder : world.disk.folders.values()) {
            for (Path path : folder.files.values().stream()
                    .map(inode -> inode.path)
                    .filter(path -> path != null)
                    .toList()) {
                requireRest(path);
            }
            if (folder.path.getParent() != null
                    && MemoryDisk.name(folder.path.getParent()).equals("owners")) {
                throw new Violation("an owner directory is left: " + folder.path);
            }
        }
        for (Batch batch : world.batches.values()) {
            if (batch.returned && !batch.isHandled() && !batch.mayBeLost) {
                throw new Violation(batch.id + " was published and never delivered whole");
            }
        }
        requireCopies();
    }

    private void requireRest(Path path) {
        Place place = Place.of(path);
        boolean rests = place == Place.FREE || (place == Place.DEAD && batch(path).mayBeLost);
        if (!rests) {
            throw new Violation("left behind: " + Place.words(path));
        }
    }

    private void requireCopies() {
        for (Batch batch : world.batches.values()) {
            MemoryDisk.Inode inode = batch.inode;
            if (inode != null && inode.copied != null && !sameStart(inode.copied, inode.bytes)) {
                throw new Violation("the copy that somebody made of a batch's file was changed");
            }
        }
    }

    private static boolean sameStart(byte[] copied, byte[] bytes) {
        for (int i = 0; i < copied.length; i++) {
            if (i >= bytes.length || copied[i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
