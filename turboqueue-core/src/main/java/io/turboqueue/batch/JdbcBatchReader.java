package io.turboqueue.batch;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Reads all rows of the attached batch. Trusts neither its schema nor its values. */
final class JdbcBatchReader {

    private static final long FOREIGN_BUDGET_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int STEPS_BETWEEN_CHECKS = 100_000;
    private static final int MOST_ROWS_TRUSTED = 100_000; // room reserved before a row was seen
    private static final byte[] EMPTY = {};
    /** The extra column's number. */
    static final int EXTRA = 5;

    private static final long KEY = 1;
    private static final long HEADERS = 2;
    private static final long BLOB = 4;

    private JdbcBatchReader() {}

    /** The file's header and seal have been checked; a null seal means a file from another program. */
    static List<StoredMessage> read(SQLiteConnection connection, @Nullable BatchSeal seal)
            throws SQLException, IOException {
        JdbcEngine.execute(connection, "PRAGMA trusted_schema=OFF");
        checkSchema(connection);
        if (seal != null) {
            return rows(connection, seal);
        }
        ProgressHandler.setHandler(connection, STEPS_BETWEEN_CHECKS, new Deadline());
        try {
            checkStructure(connection);
            return rows(connection, null);
        } catch (SQLiteException failed) {
            if (failed.getResultCode() == SQLiteErrorCode.SQLITE_ERROR) {
                throw new DamagedBatchException(Damage.SCHEMA, String.valueOf(failed.getMessage()));
            }
            throw failed;
        } finally {
            ProgressHandler.clearHandler(connection);
        }
    }

    /** A damaged file may make SQLite run for long, so this has a time budget too. */
    static List<StoredMessage> salvage(SQLiteConnection connection, long expected) throws SQLException, IOException {
        JdbcEngine.execute(connection, "PRAGMA trusted_schema=OFF");
        checkSchema(connection);
        ProgressHandler.setHandler(connection, STEPS_BETWEEN_CHECKS, new Deadline());
        try {
            return JdbcSalvage.rows(connection, expected);
        } finally {
            ProgressHandler.clearHandler(connection);
        }
    }

    static BatchFacts facts(SQLiteConnection connection, long fileBytes) throws SQLException, IOException {
        JdbcEngine.execute(connection, "PRAGMA trusted_schema=OFF");
        checkSchema(connection);
        ProgressHandler.setHandler(connection, STEPS_BETWEEN_CHECKS, new Deadline());
        try {
            return new BatchFacts(
                    fileBytes,
                    new BatchFacts.Header(
                            Integer.parseInt(first(connection, "PRAGMA batch.page_size")),
                            Long.parseLong(first(connection, "PRAGMA batch.page_count")),
                            Integer.parseInt(first(connection, "PRAGMA batch.application_id")),
                            Integer.parseInt(first(connection, "PRAGMA batch.user_version"))),
                    first(connection, "SELECT sql FROM batch.sqlite_schema"),
                    first(connection, "PRAGMA batch.integrity_check(1)"));
        } finally {
            ProgressHandler.clearHandler(connection);
        }
    }

    private static String first(SQLiteConnection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            String value = result.next() ? result.getString(1) : null;
            return value == null ? "nothing" : value;
        }
    }

    static void checkSchema(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet entry = statement.executeQuery("SELECT type, name, sql FROM batch.sqlite_schema LIMIT 2")) {
            if (!entry.next()) {
                throw new DamagedBatchException(Damage.SCHEMA, "the database has no table 'message'");
            }
            String sql = entry.getString(3);
            if (!"table".equals(entry.getString(1)) || sql == null || !BatchFormat.isPlainTable(sql)) {
                throw new DamagedBatchException(
                        Damage.SCHEMA,
                        "the database holds '" + entry.getString(2) + "', not the table " + BatchFormat.TABLE);
            }
            if (entry.next()) {
                throw new DamagedBatchException(
                        Damage.SCHEMA, "the database holds '" + entry.getString(2) + "' beside the table 'message'");
            }
        }
    }

    /** Without a CRC a tree may be broken in ways that merely reading along does not show, such as a page used twice. */
    private static void checkStructure(SQLiteConnection connection) throws SQLException, IOException {
        String verdict = first(connection, "PRAGMA batch.quick_check(1)");
        if (!verdict.equals("ok")) {
            throw new DamagedBatchException(Damage.CORRUPT, verdict);
        }
    }

    private static List<StoredMessage> rows(SQLiteConnection connection, @Nullable BatchSeal seal)
            throws SQLException, IOException {
        int expected = seal == null ? 0 : (int) Math.min(seal.rows(), MOST_ROWS_TRUSTED);
        List<StoredMessage> messages = new ArrayList<>(expected);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query(seal == null) + " ORDER BY id")) {
            while (row.next()) {
                messages.add(message(row, messages.size() + 1));
            }
        }
        if (seal != null && messages.size() != seal.rows()) {
            throw new DamagedBatchException(
                    Damage.ROWS, "the file has " + messages.size() + " rows, its name says " + seal.rows());
        }
        return Collections.unmodifiableList(messages);
    }

    /**
     * Each value fetched is a call through JNI, dearer than all that SQLite does for the row. So the first column packs the
     * time with three flags, and key and headers are fetched only where a flag says that they are there. In SQLite's order
     * of types every BLOB is at least {@code x''} and nothing else is.
     */
    private static String query(boolean foreign) {
        return query(foreign, "0");
    }

    /** With one more column. */
    static String query(boolean foreign, String extra) {
        String time = foreign ? "max(min(CAST(ifnull(time, 0) AS INTEGER), 1 << 58), -(1 << 58))" : "time";
        String plain = "(" + time + " << 3) | ((payload >= x'') << 2)";
        return "SELECT CASE WHEN key ISNULL AND headers ISNULL THEN " + plain + " ELSE " + plain
                + " | ((headers NOTNULL) << 1) | (key NOTNULL) END, payload, key, headers, " + extra
                + " FROM batch.message";
    }

    static StoredMessage message(ResultSet row, long position) throws SQLException, DamagedBatchException {
        long packed = row.getLong(1);
        byte[] payload = row.getBytes(2);
        if (payload == null) {
            if (row.getObject(2) == null) {
                throw new DamagedBatchException(Damage.CONTENT, "message " + position + " has no payload (NULL)");
            }
            payload = EMPTY;
        }
        String key = (packed & KEY) == 0 ? null : row.getString(3);
        String headers = (packed & HEADERS) == 0 ? null : row.getString(4);
        return new StoredMessage(packed >> 3, key, headers, payload, (packed & BLOB) == 0);
    }

    /** Interrupts a statement that has run for too long: a query timeout in sqlite-jdbc is only a lock timeout. */
    private static final class Deadline extends ProgressHandler {
        private final long start = System.nanoTime();

        @Override
        protected int progress() {
            return System.nanoTime() - start > FOREIGN_BUDGET_NANOS ? 1 : 0;
        }
    }
}
