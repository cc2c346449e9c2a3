package io.turboqueue.protocol;

import io.turboqueue.disk.BatchRename;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.disk.FolderGoneException;
import io.turboqueue.inspect.BatchState;
import io.turboqueue.layout.BatchName;
import io.turboqueue.layout.DeadName;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.SideFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an operator may do with batches that are not claimed. Each step is one rename or one unlink, safe while producers
 * and consumers are at work, and needs no owner directory. False means that somebody else was first. Thread-safe.
 *
 * @param disk the disk
 */
public record BatchMoves(Disk disk) {

    /** Takes a batch out of the flow. */
    public boolean hold(QueueFolder queue, BatchState from, BatchName batch) throws IOException {
        return rename(queue.of(from, batch), queue, BatchState.HELD, batch.format());
    }

    /** Puts a held batch back: into {@code ready/}, or into {@code delayed/} if it is not due yet. */
    public boolean release(QueueFolder queue, BatchName batch, long nowMillis) throws IOException {
        BatchState to = batch.dueMillis() > nowMillis ? BatchState.DELAYED : BatchState.READY;
        return rename(queue.of(BatchState.HELD, batch), queue, to, batch.format());
    }

    /** Makes a dead letter claimable again, with no failures counted. */
    public boolean redrive(QueueFolder queue, DeadName dead) throws IOException {
        return rename(
                queue.dead(dead),
                queue,
                BatchState.READY,
                dead.batch().redriven().format());
    }

    /** Gives a dead letter another reason. */
    public boolean mark(QueueFolder queue, DeadName dead, String reason) throws IOException {
        return rename(queue.dead(dead), queue, BatchState.DEAD, new DeadName(dead.batch(), reason).format());
    }

    /** Hands a batch to another queue of the spool, in the state it is in. Ids are unique, so are names. */
    public boolean move(QueueFolder from, BatchState state, String fileName, QueueFolder to) throws IOException {
        if (SideFiles.areUnfinished(disk, from.of(state).resolve(fileName))) {
            throw new IOException(
                    "batch " + fileName + " is not moved: its writer had not closed it, and a journal or log of"
                            + " SQLite's lies beside it");
        }
        return rename(from.of(state).resolve(fileName), to, state, fileName);
    }

    private boolean rename(Path source, QueueFolder queue, BatchState to, String fileName) throws IOException {
        if (disk.look(source) == null) {
            return false; // no folder is made for nothing
        }
        Path target = queue.ensure(disk, to).resolve(fileName);
        boolean claimable = to == BatchState.READY || to == BatchState.DELAYED;
        if (claimable) {
            SideFiles.move(disk, source, target); // first, so that nobody takes the batch for one without them
        }
        boolean moved = BatchRename.move(disk, source, target);
        if (!claimable && moved) {
            SideFiles.move(disk, source, target);
        }
        return moved;
    }

    /** Deletes a batch for good. */
    public boolean delete(Path batch) throws IOException {
        boolean deleted = disk.unlink(batch);
        SideFiles.delete(disk, batch);
        return deleted;
    }

    /** Keeps consumers from claiming; false if they were kept from it already. */
    public boolean pause(QueueFolder queue) throws IOException {
        if (queue.isPaused(disk)) {
            return false;
        }
        queue.ensure(disk);
        disk.create(queue.pauseMark()).close();
        return true;
    }

    /** Lets consumers claim again; false if they could. */
    public boolean resume(QueueFolder queue) throws IOException {
        return disk.unlink(queue.pauseMark());
    }

    /**
     * Removes a queue that holds no batch, with its settings.
     *
     * @return a name in it that keeps it from being removed; empty when it is gone
     */
    public Optional<String> removeQueue(QueueFolder queue) throws IOException {
        Optional<String> stranger = stranger(queue);
        if (stranger.isPresent()) {
            return stranger;
        }
        for (BatchState state : QueueFolder.STATES) {
            Optional<String> rest = removeFolder(queue.of(state));
            if (rest.isPresent()) {
                return rest.map(name -> state.word() + "/" + name);
            }
        }
        deleteFreeFiles(queue);
        Optional<String> rest = removeFolder(queue.free());
        if (rest.isPresent()) {
            return rest.map(name -> queue.free().getFileName() + "/" + name);
        }
        disk.unlink(queue.config());
        disk.unlink(queue.pauseMark());
        return removeFolder(queue.path());
    }

    private void deleteFreeFiles(QueueFolder queue) throws IOException {
        for (String name : names(queue.free())) {
            if (isFreeFile(queue, name)) {
                disk.unlink(queue.free().resolve(name));
            }
        }
    }

    private boolean isFreeFile(QueueFolder queue, String name) throws IOException {
        if (!RecycledFiles.isName(name)) {
            return false;
        }
        FileStatus found = disk.status(queue.free().resolve(name));
        return found == null || found.isFile();
    }

    /**
     * An entry in a queue's folder or among its emptied files, not in the folders of its states, that is not the queue's.
     *
     * @return its name, below the queue's folder
     */
    public Optional<String> stranger(QueueFolder queue) throws IOException {
        for (String name : names(queue.path())) {
            if (!isOurs(queue, name)) {
                return Optional.of(name);
            }
        }
        for (String name : names(queue.free())) {
            if (!isFreeFile(queue, name)) {
                return Optional.of(queue.free().getFileName() + "/" + name);
            }
        }
        return Optional.empty();
    }

    /** By text: what is not ours may not even be a path in this locale. */
    private static boolean isOurs(QueueFolder queue, String name) {
        return Stream.of(queue.config(), queue.pauseMark(), queue.free())
                        .anyMatch(path -> path.getFileName().toString().equals(name))
                || QueueFolder.STATES.stream().anyMatch(state -> state.word().equals(name));
    }

    private Optional<String> removeFolder(Path folder) throws IOException {
        List<String> rest = names(folder);
        if (!rest.isEmpty()) {
            return Optional.of(rest.get(0));
        }
        try {
            disk.unlink(folder);
            return Optional.empty();
        } catch (DirectoryNotEmptyException publishedMeanwhile) {
            return Optional.of(folder.getFileName().toString());
        }
    }

    private List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            disk.list(folder, names::add);
        } catch (FolderGoneException gone) {
            return List.of();
        }
        return names;
    }
}
