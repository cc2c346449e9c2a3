package io.turboqueue.simulator;

import io.turboqueue.directory.QueueFolder;
import io.turboqueue.directory.QueueName;
import io.turboqueue.directory.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Somebody who does something to the disk, a step at a time. */
abstract class Player {

    static final SpoolFolder FOLDER = new SpoolFolder(World.SPOOL);
    static final QueueFolder PLAIN = FOLDER.queue(new QueueName("plain"));
    static final QueueFolder POWER = FOLDER.queue(new QueueName("power"));

    final World world;
    final ProcessDisk disk;
    final List<MemoryDisk.Inode> locks = new ArrayList<>();
    final List<String> ownDesks = new ArrayList<>();
    boolean folderSyncFailed;
    private final String name;
    private boolean dead;
    private long stalledUntil = Long.MIN_VALUE;

    Player(World world, String name) {
        this.world = world;
        this.name = name;
        this.disk = new ProcessDisk(world, this);
    }

    /** Does something, chosen by chance. An error of the disk is for this player to live with. */
    abstract void step() throws IOException;

    /** Whether it may delete this published batch. */
    abstract boolean mayDelete(Path batch);

    boolean isMortal() {
        return true;
    }

    boolean hasLimit() {
        return world.lease;
    }

    boolean owns(Path path) {
        MemoryDisk.Folder folder = world.disk.folder(path.getParent());
        return folder != null && folder.owner == this;
    }

    void stall(long nanos) {
        stalledUntil = world.nanos() + nanos;
        world.note(() -> this + " is stopped for " + nanos / 1_000_000 + " ms");
    }

    boolean isStalled() {
        return world.nanos() < stalledUntil;
    }

    boolean isDead() {
        return dead;
    }

    /** The kernel lets go of its locks. */
    void die() {
        dead = true;
        for (MemoryDisk.Inode inode : locks) {
            inode.lockedBy = inode.lockedBy == this ? null : inode.lockedBy;
        }
        locks.clear();
    }

    @Override
    public String toString() {
        return name;
    }
}
