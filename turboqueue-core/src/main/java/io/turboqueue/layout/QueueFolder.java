package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.OddFolderException;
import io.turboqueue.inspect.BatchState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where a queue's things are. Nothing exists until it is needed.
 *
 * @param path the queue's folder
 * @param name the queue's name
 * @param rule what must hold of it and of the folders in it
 */
public record QueueFolder(Path path, QueueName name, FolderRule rule) {

    /** The folder of a queue to which others may write. */
    public QueueFolder(Path path, QueueName name) {
        this(path, name, FolderRule.OTHERS_MAY_WRITE);
    }

    /** The states that have a folder in a queue's; what is claimed is in an owner directory. */
    public static final List<BatchState> STATES =
            List.of(BatchState.READY, BatchState.DELAYED, BatchState.HELD, BatchState.DEAD);

    /** The folder of the batches in one of the {@link #STATES}. */
    public Path of(BatchState state) {
        assert state != BatchState.CLAIMED : "claimed batches have no folder in their queue's";
        return path.resolve(state.word());
    }

    /** Where a batch with this name is in that state. */
    public Path of(BatchState state, BatchName batch) {
        return of(state).resolve(batch.format());
    }

    /** Where a dead letter is. */
    public Path dead(DeadName name) {
        return of(BatchState.DEAD).resolve(name.format());
    }

    /** The settings file shared by every process. */
    public Path config() {
        return path.resolve("queue.json");
    }

    /** Where emptied files wait to be filled again. */
    public Path free() {
        return path.resolve("free");
    }

    /** The mark that keeps consumers from claiming. */
    public Path pauseMark() {
        return path.resolve("paused");
    }

    /** Whether consumers are to claim nothing. */
    public boolean isPaused(Disk disk) {
        return disk.exists(pauseMark());
    }

    /**
     * Makes sure that a state's folder is there. The spool's folder must be.
     *
     * @throws OddFolderException if something else is there, or the folder is not to be trusted
     */
    public Path ensure(Disk disk, BatchState state) throws IOException {
        ensure(disk, path);
        return ensure(disk, of(state));
    }

    /** Makes sure that the queue's own folder is there; the same otherwise. */
    public void ensure(Disk disk) throws IOException {
        ensure(disk, path);
    }

    /** Makes sure that the folder of emptied files is there; the same otherwise. */
    public void ensureFree(Disk disk) throws IOException {
        ensure(disk, path);
        ensure(disk, free());
    }

    private Path ensure(Disk disk, Path folder) throws IOException {
        FileStatus found = disk.status(folder);
        if (found == null) {
            disk.createFolder(folder);
        } else {
            require(folder, found);
        }
        return folder;
    }

    /**
     * Shows every entry name of one of the queue's folders to the visitor, as {@link Disk#list} does.
     *
     * @throws io.turboqueue.disk.FolderGoneException if it is not there
     * @throws OddFolderException if something else is there, or the folder is not to be trusted
     */
    public void list(Disk disk, Path folder, Consumer<String> visitor) throws IOException {
        FileStatus found = disk.status(path);
        if (found != null) {
            require(path, found);
        }
        rule.list(disk, folder, visitor);
    }

    private void require(Path folder, FileStatus found) throws OddFolderException {
        requireNoLink(folder, found);
        rule.require(folder, found);
    }

    /**
     * Refuses a symbolic link in the place of the queue's folder: no link is followed inside a spool.
     *
     * @throws OddFolderException if it is one
     */
    public void requireNoLink(Disk disk) throws IOException {
        FileStatus found = disk.status(path);
        if (found != null) {
            requireNoLink(path, found);
        }
    }

    private void requireNoLink(Path folder, FileStatus found) throws OddFolderException {
        if (found.kind() == FileStatus.Kind.LINK) {
            throw new OddFolderException(linkSentence(folder));
        }
    }

    /** Why nothing is done in this queue as long as its folder is a symbolic link. */
    public String linkSentence() {
        return linkSentence(path);
    }

    private String linkSentence(Path folder) {
        return "queue " + name + " is not served because " + folder
                + " is a symbolic link, and no link is followed inside a spool: put a folder there, or let the whole spool be"
                + " elsewhere";
    }

    /** Makes the queue's folder and those in it survive power loss. */
    public void makeDurable(Disk disk) throws IOException {
        disk.syncFolder(path);
        Path spool = path.getParent();
        if (spool != null) {
            disk.syncFolder(spool);
        }
    }
}
