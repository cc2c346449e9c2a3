package io.turboqueue.batch;

import java.util.Locale;

/** Why a file is not delivered as a batch. The lower-case name is the reason in a dead letter's file name. */
public enum Damage {
    /** Not a regular file: a link, a folder, a pipe. Never opened. */
    TYPE,
    /** Shorter than its name says, empty, or larger than can be read. */
    SIZE,
    /** The bytes are not those that were published. */
    CRC,
    /** Not a SQLite 3 database in UTF-8, or not ours although the name says so. */
    FORMAT,
    /** A database in WAL mode: part of its data may be in a file that was left behind. */
    WAL,
    /** A file of SQLite's beside it says that its writer had not closed it. */
    JOURNAL,
    /** Anything but the one table {@code message} with its five columns. */
    SCHEMA,
    /** Another number of rows than the name says. */
    ROWS,
    /** A row without payload, or a value that cannot be one. */
    CONTENT,
    /** SQLite found the structure broken. */
    CORRUPT,
    /** A file of another program whose rows take more memory than a batch may. */
    MEMORY,
    /** Reading took longer than a file of its size can take. */
    TIMEOUT;

    /** The word for file names, such as {@code crc}. */
    public String reason() {
        return name().toLowerCase(Locale.ROOT);
    }
}
