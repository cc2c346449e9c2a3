package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.disk.OddFolderException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What must hold of a folder below the spool's root before anything in it is touched: it is a real folder, not a symbolic
 * link to one; and unless others are trusted, it belongs to the spool's owner and nobody else may write to it.
 *
 * <p>It is looked at whenever a folder is listed or made sure of, not at each rename: that costs one system call beside the
 * six or more of a listing, and none for a batch. A folder that is replaced by a link in between is noticed at the next
 * listing. This guards against mistakes, restored backups and tools, not against a program of the same user that wins a race
 * on purpose: such a program can do everything that the queue can.
 *
 * @param user the id of the only user whose folders are used, {@link #ANYBODY} if others may write
 */
public record FolderRule(int user) {

    /** No user has this id. */
    public static final int ANYBODY = -1;

    /** Others may write; folders must still be folders. */
    public static final FolderRule OTHERS_MAY_WRITE = new FolderRule(ANYBODY);

    /**
     * Refuses a folder that breaks the rule.
     *
     * @throws FolderGoneException if nothing is there
     * @throws OddFolderException if it breaks the rule; one sentence says how
     */
    public void require(Disk disk, Path folder) throws IOException {
        FileStatus found = disk.status(folder);
        if (found == null) {
            throw new FolderGoneException(folder);
        }
        require(folder, found);
    }

    /** The same for a folder that was looked at. */
    void require(Path folder, FileStatus found) throws OddFolderException {
        if (!found.isFolder()) {
            throw new OddFolderException(folder, found.kind());
        }
        if (user == ANYBODY) {
            return;
        }
        if (found.isWritableByOthers()) {
            throw new OddFolderException(folder
                    + " can be written by other users; run chmod go-w on it, or set allow.othersWriting to true if they are"
                    + " to be trusted");
        }
        if (found.user() != user) {
            throw new OddFolderException(folder + " belongs to user " + found.user() + ", the spool to user " + user
                    + "; change its owner, or set allow.othersWriting to true");
        }
    }

    /** Shows every entry name of a folder that keeps the rule to the visitor. */
    void list(Disk disk, Path folder, Consumer<String> visitor) throws IOException {
        if (user != ANYBODY) {
            require(disk, folder);
        }
        disk.list(folder, visitor); // which refuses what is not a folder
    }
}
