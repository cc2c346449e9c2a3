package io.turboqueue;

/** What writes and reads batch files. The files are the same. */
public enum Engine {
    /** SQLite itself, through sqlite-jdbc. */
    JDBC
}
