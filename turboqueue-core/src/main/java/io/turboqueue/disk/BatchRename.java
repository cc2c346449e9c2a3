package io.turboqueue.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The rename of a batch to a name that may be there already: put back, retry, dead letter, promote, hold, release, redrive,
 * move. Where a batch was restored by a hard link ({@code cp -al}), both can be names of one file, and then {@code rename(2)}
 * does nothing and reports success. So the source is looked for afterwards, and removed if it is still the same file.
 *
 * <p>Publish, claim, checkpoint and renew need no such look: their target's name never occurred before. An ack keeps only
 * files of one link. A look costs one system call, in steps that are not on every batch's path.
 *
 * <p>The source is removed only if source and target are seen to be one file. Between the two looks, both names would have to
 * go and come back for this to remove a batch's only name, and names count deliveries.
 */
public final class BatchRename {

    private BatchRename() {}

    /** As {@link Disk#rename}; when it returns true the source is gone. */
    public static boolean move(Disk disk, Path from, Path to) throws IOException {
        if (!disk.rename(from, to)) {
            return false;
        }
        finish(disk, from, to);
        return true;
    }

    /** After a rename that reported success: sees to it that the source is gone. */
    public static void finish(Disk disk, Path from, Path to) throws IOException {
        if (disk.exists(from)) {
            removeIfSameFile(disk, from, to);
        }
    }

    private static void removeIfSameFile(Disk disk, Path from, Path to) throws IOException {
        FileStatus source = disk.status(from);
        FileStatus target = disk.status(to);
        if (source != null && target != null && source.isSameFile(target) && source.links() > 1) {
            disk.unlink(from);
        }
    }
}
