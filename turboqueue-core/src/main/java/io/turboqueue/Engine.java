package io.turboqueue;

/** What writes and reads batch files. Both write the same format, so a queue may change its engine at any time. */
public enum Engine {
    /**
     * TurboQueue itself, which writes and reads the SQLite file format directly and is much faster. A file that uses
     * more of the format than it knows is read by SQLite.
     */
    PAGES,
    /** SQLite itself, through sqlite-jdbc. */
    JDBC
}
