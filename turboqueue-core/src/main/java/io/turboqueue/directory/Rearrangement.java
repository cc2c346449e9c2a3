package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import io.turboqueue.io.FolderGoneException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an operator may do with batches that are not claimed. Each step is one rename or one unlink, safe while producers
 * and consumers are at work, and needs no desk. False means that somebody else was first. Thread-safe.
 *
 * @param disk the disk
 */
public record Rearrangement(Disk disk) {

    /** Takes a batch out of the flow. */
    public boolean hold(QueueFolder queue, State from, BatchName batch) throws IOException {
        return rename(queue.of(from, batch), queue, State.HELD, batch.format());
    }

    /** Puts a held batch back: into {@code ready/}, or into {@code later/} if it is not due yet. */
    public boolean release(QueueFolder queue, BatchName batch, long nowMillis) throws IOException {
        State to = batch.dueMillis() > nowMillis ? State.LATER : State.READY;
        return rename(queue.of(State.HELD, batch), queue, to, batch.format());
    }

    /** Makes a dead letter claimable again, with no deliveries counted. */
    public boolean redrive(QueueFolder queue, DeadName dead) throws IOException {
        return rename(
                queue.dead(dead),
                queue,
                State.READY,
                dead.batch().withAttempt(0).format());
    }

    /** Makes all dead letters claimable again; how many. */
    public int redriveAll(QueueFolder queue) throws IOException {
        int redriven = 0;
        for (DeadName dead : deadLetters(queue)) {
            if (redrive(queue, dead)) {
                redriven++;
            }
        }
        return redriven;
    }

    private List<DeadName> deadLetters(QueueFolder queue) throws IOException {
        List<DeadName> dead = new ArrayList<>();
        try {
            disk.list(queue.of(State.DEAD), text -> DeadName.parse(text).ifPresent(dead::add));
        } catch (FolderGoneException nothingEverDied) {
            return List.of();
        }
        return dead;
    }

    /** Gives a dead letter another reason. */
    public boolean mark(QueueFolder queue, DeadName dead, String reason) throws IOException {
        return rename(queue.dead(dead), queue, State.DEAD, new DeadName(dead.batch(), reason).format());
    }

    /** Hands a batch to another queue of the spool, in the state it is in. Ids are unique, so are names. */
    public boolean move(QueueFolder from, State state, String fileName, QueueFolder to) throws IOException {
        return rename(from.of(state).resolve(fileName), to, state, fileName);
    }

    private boolean rename(Path source, QueueFolder queue, State to, String fileName) throws IOException {
        if (disk.look(source) == null) {
            return false; // no folder is made for nothing
        }
        return disk.rename(source, queue.ensure(disk, to).resolve(fileName));
    }

    /** Deletes a batch for good. */
    public boolean delete(Path batch) throws IOException {
        return disk.unlink(batch);
    }

    /** Keeps consumers from claiming; false if they were kept from it already. */
    public boolean pause(QueueFolder queue) throws IOException {
        if (queue.isPaused(disk)) {
            return false;
        }
        disk.createFolder(queue.path());
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
        for (State state : State.values()) {
            Optional<String> rest = removeFolder(queue.of(state));
            if (rest.isPresent()) {
                return rest.map(name -> state.folder() + "/" + name);
            }
        }
        deleteFreeFiles(queue);
        disk.unlink(queue.config());
        disk.unlink(queue.pauseMark());
        return removeFolder(queue.path());
    }

    private void deleteFreeFiles(QueueFolder queue) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            disk.list(queue.free(), names::add);
        } catch (FolderGoneException noneEver) {
            return;
        }
        for (String name : names) {
            disk.unlink(queue.free().resolve(name));
        }
        removeFolder(queue.free());
    }

    /** A file in a queue's folder, not in those of its states, that is not the queue's. */
    public Optional<String> stranger(QueueFolder queue) throws IOException {
        return firstName(queue.path(), name -> !isOurs(queue, name));
    }

    private static boolean isOurs(QueueFolder queue, String name) {
        Path path = queue.path().resolve(name);
        return path.equals(queue.config())
                || path.equals(queue.pauseMark())
                || path.equals(queue.free())
                || Arrays.stream(State.values()).anyMatch(state -> path.equals(queue.of(state)));
    }

    private Optional<String> removeFolder(Path folder) throws IOException {
        Optional<String> rest = firstName(folder, name -> true);
        if (rest.isPresent()) {
            return rest;
        }
        try {
            disk.unlink(folder);
            return Optional.empty();
        } catch (DirectoryNotEmptyException publishedMeanwhile) {
            return Optional.of(folder.getFileName().toString());
        }
    }

    private Optional<String> firstName(Path folder, Predicate<String> wanted) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            disk.list(folder, names::add);
        } catch (FolderGoneException gone) {
            return Optional.empty();
        }
        return names.stream().filter(wanted).findFirst();
    }
}
