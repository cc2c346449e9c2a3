package io.turboqueue.simulator;

/** What an owner or a recoverer does wrong on purpose, to prove that {@link LivenessLife} sees it. */
enum LivenessFlaw {
    /** Nothing: the protocol as it is. */
    NONE,
    /** Whoever's process is there is alive, however long it shows nothing else. */
    PID_PROVES_LIFE_FOR_EVER,
    /** Whoever's lock was free at two looks is dead; the lock file's time is not compared. */
    FREE_TWICE_IS_DEAD,
    /** Owners show life, and recoverers are patient, by intervals of their own settings. */
    USES_OWN_INTERVAL,
    /** A process that cannot be seen is taken for gone. */
    UNKNOWN_IS_DEAD,
    /** A zombie is taken for a process that is there. */
    ZOMBIE_IS_ALIVE,
    /** An owner does not look whether its lock file is still there. */
    NEVER_LOOKS_FOR_ITS_LOCK,
    /** A recoverer keeps a lock file open, and never sees that there is a newer one. */
    LOCKS_AN_OLD_INODE
}
