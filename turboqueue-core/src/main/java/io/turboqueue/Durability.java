package io.turboqueue;

/**
 * What a published batch survives. Neither mode syncs acks: after a power cut, batches that were acked shortly before
 * may be delivered again.
 */
public enum Durability {
    /**
     * The death of any process, {@code kill -9} included. Not a power cut: batches of up to the last half minute may be
     * lost or empty.
     */
    PROCESS,
    /**
     * A power cut too, provided that the drive honours a sync: the file and its folder are synced before publishing
     * returns.
     */
    POWER
}
