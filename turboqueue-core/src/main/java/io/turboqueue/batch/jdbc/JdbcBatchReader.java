package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchTooLargeException;
import io.turboqueue.batch.Damage;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.StoredValue;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** Reads all rows of the attached batch. Trusts neither its schema nor its values. */
final class JdbcBatchReader {

    private static final int MAX_ROWS_TRUSTED = 100_000; // room reserved before a row was seen
    private static final byte[] EMPTY = {};

    private static final String ABOUT_WHICH = "^\\*\\*\\* in database batch \\*\\*\\*\\s*";

    /** The table first, whatever else there is, and one more. Names and types are cut: they go into messages. */
    private static final String SCHEMA =
            "SELECT substr(type, 1, 20), substr(name, 1, 100), sql FROM batch.sqlite_schema"
                    + " ORDER BY lower(name) = 'message' DESC LIMIT 2";

    /** The extra column's number. */
    static final int EXTRA = 5;

    private static final int PAYLOAD = 2;
    private static final int KEY = 3;
    private static final int HEADERS = 4;
    private static final int TIME = 6;

    private static final long HAS_KEY = 1;
    private static final long HAS_HEADERS = 2;
    private static final long BLOB = 4;
    private static final long UNUSUAL = 8;

    private JdbcBatchReader() {}

    /**
     * The file's header and seal have been checked; a null seal means a file from another program. A seal proves the bytes and
     * not what they mean, so both are checked alike.
     */
    static List<StoredMessage> read(SQLiteConnection connection, @Nullable BatchSeal seal, long mostMemory)
            throws SQLException, IOException {
        JdbcGuard.limitValues(connection, mostMemory);
        checkSchema(connection);
        checkStructure(connection);
        if (seal != null) {
            checkRows(connection, seal);
        }
        return rows(connection, seal, mostMemory);
    }

    static BatchFileInfo facts(SQLiteConnection connection, long fileBytes) throws SQLException, IOException {
        checkSchema(connection);
        return new BatchFileInfo(
                fileBytes,
                new BatchFileInfo.Header(
                        Integer.parseInt(first(connection, "PRAGMA batch.page_size")),
                        Long.parseLong(first(connection, "PRAGMA batch.page_count")),
                        Integer.parseInt(first(connection, "PRAGMA batch.application_id")),
                        Integer.parseInt(first(connection, "PRAGMA batch.user_version"))),
                first(connection, "SELECT sql FROM batch.sqlite_schema"),
                first(connection, "PRAGMA batch.integrity_check(1)"));
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
                ResultSet entry = statement.executeQuery(SCHEMA)) {
            if (!entry.next()) {
                throw new DamagedBatchException(Damage.SCHEMA, "the database has no table 'message'");
            }
            checkTable(entry);
            if (entry.next()) {
                throw new DamagedBatchException(
                        Damage.SCHEMA, "the database holds " + described(entry) + " beside the table 'message'");
            }
        }
    }

    private static void checkTable(ResultSet entry) throws SQLException, DamagedBatchException {
        String sql = entry.getString(3);
        if (!"message".equalsIgnoreCase(entry.getString(2))) {
            throw new DamagedBatchException(
                    Damage.SCHEMA, "the database has no table 'message', only " + described(entry));
        }
        if (!"table".equals(entry.getString(1)) || sql == null) {
            throw new DamagedBatchException(
                    Damage.SCHEMA,
                    "'message' is no table but " + described(entry) + (sql == null ? " without text" : ""));
        }
        if (!BatchFormat.isPlainTable(sql)) {
            throw new DamagedBatchException(
                    Damage.SCHEMA, SchemaText.difference(sql) + "; a batch has the table " + BatchFormat.TABLE);
        }
    }

    private static String described(ResultSet entry) throws SQLException {
        return "the " + entry.getString(1) + " '" + entry.getString(2) + "'";
    }

    /** A tree may be broken in ways that merely reading along does not show, such as a page used twice. */
    static void checkStructure(SQLiteConnection connection) throws SQLException, IOException {
        String verdict = first(connection, "PRAGMA batch.quick_check(1)");
        if (!verdict.equals("ok")) {
            throw new DamagedBatchException(Damage.CORRUPT, verdict.replaceFirst(ABOUT_WHICH, ""));
        }
    }

    /** Compares the number of rows with the seal's. */
    static void checkRows(SQLiteConnection connection, BatchSeal seal) throws SQLException, IOException {
        long rows = Long.parseLong(first(connection, "SELECT count(*) FROM batch.message"));
        if (rows != seal.rows()) {
            throw new DamagedBatchException(
                    Damage.ROWS, "the file has " + rows + " rows, its name says " + seal.rows());
        }
    }

    /** What {@link #read} finds out on the way, for those who do not want the messages. */
    static void checkPayloads(SQLiteConnection connection) throws SQLException, IOException {
        long missing = Long.parseLong(first(connection, "SELECT count(*) - count(payload) FROM batch.message"));
        if (missing > 0) {
            throw new DamagedBatchException(Damage.CONTENT, missing + " messages have no payload (NULL)");
        }
    }

    private static List<StoredMessage> rows(SQLiteConnection connection, @Nullable BatchSeal seal, long mostMemory)
            throws SQLException, IOException {
        int expected = seal == null ? 0 : (int) Math.min(seal.rows(), MAX_ROWS_TRUSTED);
        List<StoredMessage> messages = new ArrayList<>(expected);
        long memory = 0;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query("0") + " ORDER BY id")) {
            while (row.next()) {
                StoredMessage message = message(row, messages.size() + 1);
                memory += message.memory();
                requireRoom(memory, mostMemory, seal);
                messages.add(message);
            }
        }
        return messages;
    }

    private static void requireRoom(long memory, long mostMemory, @Nullable BatchSeal seal) throws IOException {
        if (memory <= mostMemory) {
            return;
        }
        if (seal != null) {
            throw new BatchTooLargeException(memory, mostMemory);
        }
        throw new DamagedBatchException(
                Damage.MEMORY, "its messages take more than the " + mostMemory + " bytes of memory allowed");
    }

    /**
     * Each value fetched is a call through JNI, more expensive than all that SQLite does for the row. So the first column packs the
     * time with four flags, and the others are fetched only where a flag says that they are needed. In SQLite's order of
     * types numbers are less than any text, every BLOB is at least {@code x''}, and nothing else is either. An unusual row
     * has a value that a message cannot show as it is.
     *
     * @param extra one more column
     */
    static String query(String extra) {
        String number = "CAST(time AS INTEGER)";
        String usual = "time = " + number + " AND " + number + " BETWEEN -(1 << 58) AND (1 << 58) AND payload >= ''";
        String unusual = "max(min(ifnull(" + number + ", 0), 1 << 58), -(1 << 58))";
        String odd = "ifnull(key < '' OR key >= x'', 0) OR ifnull(headers < '' OR headers >= x'', 0)";
        String there = "((headers NOTNULL) << 1) | (key NOTNULL)";
        return "SELECT CASE WHEN " + usual + " THEN (" + number + " << 4) | ((payload >= x'') << 2) | "
                + "CASE WHEN key ISNULL AND headers ISNULL THEN 0 ELSE ((" + odd + ") << 3) | " + there + " END"
                + " ELSE (" + unusual + " << 4) | 8 | (ifnull(payload >= x'', 0) << 2) | " + there + " END,"
                + " payload, key, headers, " + extra + ", time FROM batch.message";
    }

    /** The values of an unusual row come first: to ask SQLite for a text or for bytes changes what it has. */
    static StoredMessage message(ResultSet row, long position) throws SQLException, DamagedBatchException {
        long packed = row.getLong(1);
        if ((packed & UNUSUAL) == 0) {
            StoredMessage message = shown(row, packed, position);
            boolean exact = !hasReplacements(message.key()) && !hasReplacements(message.headers());
            return exact ? message : message.asRow(values(row));
        }
        List<StoredValue> values = values(row);
        return shown(row, packed, position).asRow(values);
    }

    private static StoredMessage shown(ResultSet row, long packed, long position)
            throws SQLException, DamagedBatchException {
        byte[] payload = row.getBytes(PAYLOAD);
        if (payload == null) {
            if (row.getObject(PAYLOAD) == null) {
                throw new DamagedBatchException(Damage.CONTENT, "message " + position + " has no payload (NULL)");
            }
            payload = EMPTY;
        }
        String key = (packed & HAS_KEY) == 0 ? null : row.getString(KEY);
        String headers = (packed & HAS_HEADERS) == 0 ? null : row.getString(HEADERS);
        return new StoredMessage(packed >> 4, key, headers, payload, (packed & BLOB) == 0);
    }

    private static List<StoredValue> values(ResultSet row) throws SQLException {
        return List.of(value(row, TIME), value(row, KEY), value(row, HEADERS), value(row, PAYLOAD));
    }

    /** What was not UTF-8 may have been replaced. */
    private static boolean hasReplacements(@Nullable String text) {
        return text != null && text.indexOf('\ufffd') >= 0;
    }

    private static StoredValue value(ResultSet row, int column) throws SQLException {
        Object value = row.getObject(column);
        if (value == null) {
            return StoredValue.NULL;
        } else if (value instanceof Double number) {
            return StoredValue.of(number);
        } else if (value instanceof Number number) {
            return StoredValue.of(number.longValue());
        }
        byte[] bytes = row.getBytes(column);
        byte[] there = bytes == null ? EMPTY : bytes;
        return value instanceof String ? StoredValue.text(there) : StoredValue.blob(there);
    }
}
