package io.turboqueue.examples.torture;

/** Kinds of ledger lines, and the words behind them. "Before" and "after" say when a line is written. */
enum Entry {
    /** A process opens an owner directory, written before it has it: the directory. */
    OWNER,
    /** Before a process halts itself, or ends because it was told to: why. */
    DYING,
    /** Before sending a batch: label, messages. */
    INTENDED,
    /** After publishing returned: label, messages. */
    PUBLISHED,
    /** After publishing failed; it is tried again: label, messages, the error. */
    UNCERTAIN,
    /** After handling a batch, before its ack or nack: id, attempt, label, first, last, total, CRC-32 of the payloads. */
    DELIVERED,
    /** After handling some of a batch, before the checkpoint: the same. */
    CHECKPOINT,
    /** Instead of a delivery: id, attempt, what is wrong. */
    WRONG,
    /** After an ack returned: id, attempt. */
    ACKED,
    /** After an ack or nack found its claim gone: queue, id, attempt. */
    FENCED,
    /** Before a claim is given back, by its owner or by others: queue, id, attempt, the owner directory. */
    RETURNING,
    /** After that was done: the same. */
    RETURNED,
    /** A spool's file still open after it was closed, or a file left behind: what. */
    LEAKED,
    /** The parent, before it kills a process: its name. */
    KILLING,
    /** The parent, before any other fault: what. */
    STRUCK,
    /** The parent, before it drops a file that must never be delivered: its id, what it is. */
    PLANTED,
    /** The parent found something wrong that no other line tells: what. */
    TROUBLE
}
