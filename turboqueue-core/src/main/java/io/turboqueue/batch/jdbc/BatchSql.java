package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/**
 * Queries by people over one table {@code message(batch, id, time, key, headers, payload)} that holds the rows of some
 * batches, the id being a message's position in its batch. The batches are copied, so they may be claimed and deleted
 * meanwhile, and nothing a query does can reach them. Not thread-safe.
 */
public final class BatchSql implements Closeable {

    private static final Set<String> READING = Set.of("select", "with", "values", "explain");

    /** A row's position counts, not its id: that of another program may be anything, and offsets count rows. */
    private static final String COPY = "INSERT INTO temp.message SELECT ?, position, time, key, headers, payload FROM"
            + " (SELECT row_number() OVER (ORDER BY id) AS position, * FROM batch.message) WHERE position > ?";

    private final Disk disk;
    private final SQLiteConnection connection;
    private final SqlLimits limits;

    /** Is shown a query's result. */
    public interface Visitor {
        /** The columns' names, before the first row. */
        void columns(List<String> names) throws IOException;

        /** A row: {@link Long}, {@link Double}, {@link String}, {@code byte[]} or null. */
        void row(List<@Nullable Object> values) throws IOException;
    }

    /** Starts SQLite with the usual limits. */
    public BatchSql(Disk disk) throws IOException {
        this(disk, Limits.USUAL);
    }

    /**
     * Starts SQLite.
     *
     * @param most what copying and queries may take in all
     */
    public BatchSql(Disk disk, Limits most) throws IOException {
        this.disk = disk;
        this.limits = new SqlLimits(most);
        SQLiteDataSource memory = new SQLiteDataSource();
        memory.setUrl("jdbc:sqlite::memory:");
        NativeLibrary.load();
        try {
            connection = memory.getConnection().unwrap(SQLiteConnection.class);
            prepareOrClose(most);
        } catch (SQLException failed) {
            throw new IOException("SQLite cannot be started: " + failed.getMessage(), failed);
        }
    }

    private void prepareOrClose(Limits most) throws SQLException {
        boolean prepared = false;
        try {
            JdbcGuard.start(connection, limits);
            JdbcGuard.limitValues(connection, most.valueBytes());
            JdbcEngine.execute(
                    connection,
                    "CREATE TEMP TABLE message(batch TEXT, id INTEGER, time INTEGER, key, headers TEXT, payload)");
            prepared = true;
        } finally {
            if (!prepared) {
                connection.close();
            }
        }
    }

    /**
     * What a query may take.
     *
     * @param time how long it and the copying before it may run
     * @param valueBytes the longest value or row, and so about its memory: the rest goes to temporary files
     * @param tempBytes temporary files; not limited where the system does not show a process its open files in {@code /proc}
     */
    public record Limits(Duration time, long valueBytes, long tempBytes) {
        static final Limits USUAL = new Limits(Duration.ofMinutes(5), 256L << 20, 4L << 30);
    }

    /**
     * Adds a batch's rows, checked as for a delivery.
     *
     * @param done rows at the front that are left out
     * @return false if the file has lost its name meanwhile: it may hold another batch by now, so nothing of it is added
     * @throws DamagedBatchException if the file is at fault; nothing of it is added
     * @throws IllegalStateException if a limit is reached
     */
    public boolean add(Path file, @Nullable BatchSeal seal, String batch, long done) throws IOException {
        try {
            JdbcEngine.check(disk, file, seal, Long.MAX_VALUE);
            addAttached(file, seal, new Part(batch, done));
        } catch (IOException failed) {
            if (disk.look(file) == null) {
                return false;
            }
            throw failed;
        }
        if (disk.look(file) == null) {
            remove(file, batch);
            return false;
        }
        return true;
    }

    /**
     * Rows of a batch.
     *
     * @param done that many at the front are left out
     */
    private record Part(String batch, long done) {}

    private void addAttached(Path file, @Nullable BatchSeal seal, Part part) throws IOException {
        try {
            JdbcEngine.attach(connection, file, JdbcEngine.READ_ONLY);
            try {
                JdbcGuard.run(connection, attached -> {
                    JdbcBatchReader.checkSchema(attached);
                    JdbcBatchReader.checkStructure(attached);
                    if (seal != null) {
                        JdbcBatchReader.checkRows(attached, seal);
                    }
                    JdbcBatchReader.checkPayloads(attached);
                    return true;
                });
                copy(part);
            } finally {
                JdbcEngine.execute(connection, "DETACH batch");
            }
        } catch (SQLException failed) {
            limits.throwIfReached(failed);
            throw JdbcEngine.asIOException(file, failed);
        }
    }

    private void remove(Path file, String batch) throws IOException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM temp.message WHERE batch = ?")) {
            delete.setString(1, batch);
            delete.executeUpdate();
        } catch (SQLException failed) {
            throw JdbcEngine.asIOException(file, failed);
        }
    }

    private void copy(Part part) throws SQLException {
        try (PreparedStatement copy = connection.prepareStatement(COPY)) {
            copy.setString(1, part.batch());
            copy.setLong(2, part.done());
            copy.executeUpdate();
        }
    }

    /**
     * Runs one statement that only reads.
     *
     * @throws IllegalArgumentException if it is another kind of statement, more than one, or wrong
     * @throws IllegalStateException if it reaches a limit
     */
    public void query(String sql, Visitor visitor) throws IOException {
        requireOneReading(sql);
        try {
            JdbcEngine.execute(connection, "PRAGMA query_only=ON");
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet rows = statement.executeQuery()) {
                show(rows, visitor);
            }
        } catch (SQLException wrong) {
            limits.throwIfReached(wrong);
            throw new IllegalArgumentException("SQLite says: " + wrong.getMessage(), wrong);
        }
    }

    private static void show(ResultSet rows, Visitor visitor) throws SQLException, IOException {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            names.add(meta.getColumnLabel(i));
        }
        visitor.columns(names);
        while (rows.next()) {
            List<@Nullable Object> values = new ArrayList<>(names.size());
            for (int i = 1; i <= names.size(); i++) {
                Object value = rows.getObject(i);
                values.add(value instanceof Integer number ? Long.valueOf(number) : value);
            }
            visitor.row(values);
        }
    }

    private static void requireOneReading(String sql) {
        String text = sql.strip();
        String first = text.split("[^A-Za-z]", 2)[0].toLowerCase(Locale.ROOT);
        if (!READING.contains(first)) {
            throw new IllegalArgumentException(
                    "only a statement that reads is allowed: one that starts with select, with, values or explain");
        }
        int end = endOfStatement(text);
        if (!text.substring(end).replaceAll("[;\\s]", "").isEmpty()) {
            throw new IllegalArgumentException("only one statement is allowed, there is more after the first ';'");
        }
    }

    /** Where the first semicolon outside of quotes and comments is. SQLite itself ignores what comes after it. */
    private static int endOfStatement(String sql) {
        int i = 0;
        while (i < sql.length() && sql.charAt(i) != ';') {
            char c = sql.charAt(i);
            if (c == '\'' || c == '"' || c == '`') {
                i = after(sql, String.valueOf(c), i + 1);
            } else if (c == '[') {
                i = after(sql, "]", i + 1);
            } else if (sql.startsWith("--", i)) {
                i = after(sql, "\n", i);
            } else if (sql.startsWith("/*", i)) {
                i = after(sql, "*/", i + 2);
            } else {
                i++;
            }
        }
        return i;
    }

    private static int after(String sql, String ending, int from) {
        int found = sql.indexOf(ending, from);
        return found < 0 ? sql.length() : found + ending.length();
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw new IOException("SQLite cannot be closed: " + failed.getMessage(), failed);
        }
    }
}
