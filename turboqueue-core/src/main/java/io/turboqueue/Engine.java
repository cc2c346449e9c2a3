package io.turboqueue;

/** What writes and reads batch files. The files are the same. */
public enum Engine {
    /** TurboQueue writes and reads the SQLite file format itself: much faster. What it does not know SQLite reads. */
    PAGES,
    /** SQLite itself, through sqlite-jdbc. */
    JDBC
}
