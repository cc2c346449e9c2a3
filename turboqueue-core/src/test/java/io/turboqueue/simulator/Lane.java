package io.turboqueue.simulator;

import io.turboqueue.disk.Disk;
import io.turboqueue.layout.QueueFolder;
import io.turboqueue.protocol.DelayedPromoter;
import io.turboqueue.protocol.ReadyListing;
import io.turboqueue.protocol.RecycledFiles;
import java.time.Instant;

/**
 * What a process keeps for one queue.
 *
 * @param folder the queue
 * @param power whether its batches must survive power cuts
 * @param listing candidates to claim
 * @param promoter moves what is due
 * @param free its emptied files
 */
record Lane(QueueFolder folder, boolean power, ReadyListing listing, DelayedPromoter promoter, RecycledFiles free) {

    static Lane of(World world, Disk disk, QueueFolder folder, boolean power) {
        return new Lane(
                folder,
                power,
                new ReadyListing(disk, folder, world::nanos, world.random.split()),
                new DelayedPromoter(disk, folder, () -> Instant.ofEpochMilli(world.wallMillis()), world::nanos),
                new RecycledFiles(
                        disk, folder, world::nanos, power && world.flaw != Flaw.REUSE_WITHOUT_SYNC, () -> false));
    }
}
