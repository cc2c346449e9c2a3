package io.turboqueue;

/** What a published batch survives. */
public enum Durability {
    /** The death of any process, kill -9 included. Not a power cut: up to the last half minute may be lost or empty. */
    PROCESS,
    /** Power loss too, as far as the drive is honest: the file and its folder are synced before publish returns. */
    POWER
}
