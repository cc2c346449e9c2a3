package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import java.io.IOException;
import java.sql.SQLException;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteLimits;

/**
 * What keeps a database of unknown origin from doing harm to the connection that it is attached to. It must be there before
 * the file is attached: SQLite reads the schema at the first statement, whatever that is.
 */
final class JdbcGuard {

    private static final int MAX_SCHEMA_BYTES = 1_000_000; // of the text of one table
    private static final int ANY_LENGTH = Integer.MAX_VALUE;

    private JdbcGuard() {}

    static void start(SQLiteConnection connection, ProgressHandler limits) throws SQLException {
        ProgressHandler.setHandler(connection, RunningTime.STEPS_BETWEEN_LOOKS, limits);
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, MAX_SCHEMA_BYTES);
        JdbcEngine.execute(connection, "PRAGMA trusted_schema=OFF");
    }

    /** No value longer than that comes out, nor does a row. */
    static void limitValues(SQLiteConnection connection, long bytes) throws SQLException {
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, (int) Math.min(ANY_LENGTH, bytes));
    }

    /** The connection is for all uses again. One on which something failed is thrown away instead. */
    static void end(SQLiteConnection connection) throws SQLException {
        ProgressHandler.clearHandler(connection);
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, ANY_LENGTH);
        connection.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, ANY_LENGTH);
    }

    /** Statements of ours have no errors: if SQLite finds one, it is in what the file says its table is. */
    static <R> R run(SQLiteConnection connection, JdbcEngine.AttachedWork<R> work) throws SQLException, IOException {
        try {
            return work.run(connection);
        } catch (SQLiteException failed) {
            if (failed.getResultCode() == SQLiteErrorCode.SQLITE_ERROR) {
                throw new DamagedBatchException(Damage.SCHEMA, String.valueOf(failed.getMessage()));
            }
            throw failed;
        }
    }
}
