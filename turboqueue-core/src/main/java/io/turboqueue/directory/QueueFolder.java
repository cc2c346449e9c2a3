package io.turboqueue.directory;

import io.turboqueue.io.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a queue's things are. Nothing exists until it is needed.
 *
 * @param path the queue's folder
 * @param name the queue's name
 */
public record QueueFolder(Path path, QueueName name) {

    /** The folder of the batches in one state. */
    public Path of(State state) {
        return path.resolve(state.folder());
    }

    /** Where a batch with this name is in that state. */
    public Path of(State state, BatchName batch) {
        return of(state).resolve(batch.format());
    }

    /** Where a dead letter is. */
    public Path dead(DeadName name) {
        return of(State.DEAD).resolve(name.format());
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

    /** Makes sure that a state's folder is there. The spool's folder must be. */
    public Path ensure(Disk disk, State state) throws IOException {
        Path folder = of(state);
        if (disk.look(folder) == null) {
            disk.createFolder(path);
            disk.createFolder(folder);
        }
        return folder;
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
