package io.turboqueue.simulator;

/** What is done wrong on purpose, to prove that the simulator sees it. */
enum Flaw {
    /** Nothing: the protocol as it is. */
    NONE,
    /** A claim's name is the same whoever holds it. */
    SHARED_CLAIM_NAME,
    /** Whoever clears an owner directory publishes what was being filled there. */
    PROMOTES_LOADING,
    /** Batches that must survive a power cut are not synced. */
    NO_SYNC_AT_POWER,
    /** Emptied files are filled again before their new name was synced. */
    REUSE_WITHOUT_SYNC,
    /** Claims are taken back by the age of their file. */
    STEALS_BY_AGE,
    /** A consumer acks before it handles the messages. */
    ACKS_FIRST,
    /** A move that is a copy and a delete. */
    MOVES_BY_COPY
}
