package io.turboqueue.simulator;

import io.turboqueue.layout.PidScope;
import io.turboqueue.layout.ProcessIdentity;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.layout.QueueName;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Somebody who does something to the disk, a step at a time. */
abstract class Player implements Processes {

    static final SpoolFolder FOLDER = new SpoolFolder(World.SPOOL);
    static final QueueFolder PLAIN = FOLDER.queue(new QueueName("plain"));
    static final QueueFolder POWER = FOLDER.queue(new QueueName("power"));

    private static final PidScope SCOPE = new PidScope("b0071d00", "1", "1", "1", "0");

    final World world;
    final ProcessDisk disk;
    final List<MemoryDisk.Inode> locks = new ArrayList<>();
    final List<String> ownOwners = new ArrayList<>();
    boolean folderSyncFailed;
    private final String name;
    private final long pid;
    private boolean dead;
    private long stalledUntil = Long.MIN_VALUE;

    Player(World world, String name) {
        this.world = world;
        this.name = name;
        this.disk = new ProcessDisk(world, this);
        this.pid = world.register(this);
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

    /** Whether others may rightly take it for dead although it is not. */
    boolean mayBeTakenForDead() {
        return false;
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

    @Override
    public ProcessIdentity self() {
        return new ProcessIdentity(pid, "1", SCOPE);
    }

    @Override
    public Sight look(ProcessIdentity process) {
        return world.process(process.pid()).isDead() ? Sight.GONE : Sight.PRESENT;
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
