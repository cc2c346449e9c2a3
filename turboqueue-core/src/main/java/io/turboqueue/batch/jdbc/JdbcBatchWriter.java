package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.BatchFormat;
import io.turboqueue.batch.BatchSeal;
import io.turboqueue.batch.BatchWriter;
import io.turboqueue.batch.LoadingFile;
import io.turboqueue.batch.StoredAs;
import io.turboqueue.batch.StoredMessage;
import io.turboqueue.batch.StoredValue;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** Keeps the messages in memory and writes them in one transaction when sealed. Not thread-safe. */
public final class JdbcBatchWriter implements BatchWriter {

    private static final int ROWS_PER_INSERT = 50;
    private static final int SMALL_PAGE = 4096;
    public static final int LARGE_PAGE = 32768;

    private final JdbcEngine engine;
    private final Disk disk;
    private final Supplier<Path> place;
    private Path file;
    private List<StoredMessage> messages = new ArrayList<>();
    private long weight;
    private boolean plain = true; // neither key nor headers so far
    private boolean created;

    JdbcBatchWriter(JdbcEngine engine, Disk disk, Supplier<Path> place) {
        this.engine = engine;
        this.disk = disk;
        this.place = place;
        this.file = place.get();
    }

    @Override
    public void add(StoredMessage message) {
        messages.add(message.text() && !message.storesText() ? message.asBlob() : message);
        weight += message.weight();
        plain &= message.key() == null && message.headers() == null;
    }

    @Override
    public int rows() {
        return messages.size();
    }

    @Override
    public long weight() {
        return weight;
    }

    /**
     * The descriptor is opened before SQLite writes and synced after it, so that a write-back error in between is seen:
     * the kernel reports it to every descriptor that was open at the time.
     */
    @Override
    public BatchSeal seal(boolean sync) throws IOException {
        remove(); // an earlier try may have been sealed but not published
        file = place.get();
        try (DiskFile open = LoadingFile.create(disk, file)) {
            created = true;
            engine.onAttached(file, "mode=rw", this::fill);
            if (sync) {
                open.sync();
            }
            long bytes = open.size();
            return new BatchSeal(messages.size(), bytes, BatchFormat.crc32(open, bytes));
        } catch (IOException | RuntimeException failed) {
            removeAfter(failed);
            throw failed;
        }
    }

    private void removeAfter(Exception failed) {
        try {
            remove();
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    private void remove() throws IOException {
        if (created) {
            LoadingFile.unlink(disk, file, place);
            created = false;
        }
    }

    @Override
    public void published() {
        created = false;
    }

    @Override
    public void close() throws IOException {
        messages = new ArrayList<>();
        weight = 0;
        remove();
    }

    /** No journal: a half-written file is never published, so there is nothing to roll back to. */
    private boolean fill(SQLiteConnection connection) throws SQLException {
        JdbcEngine.execute(
                connection, "PRAGMA batch.page_size=" + (weight < 16 * LARGE_PAGE ? SMALL_PAGE : LARGE_PAGE));
        JdbcEngine.execute(connection, "PRAGMA batch.journal_mode=OFF");
        JdbcEngine.execute(connection, "PRAGMA batch.synchronous=OFF");
        JdbcEngine.execute(connection, "PRAGMA batch.locking_mode=EXCLUSIVE");
        JdbcEngine.execute(connection, "BEGIN");
        JdbcEngine.execute(connection, "PRAGMA batch.application_id=" + BatchFormat.APPLICATION_ID);
        JdbcEngine.execute(connection, "PRAGMA batch.user_version=" + BatchFormat.VERSION);
        JdbcEngine.execute(connection, "CREATE TABLE batch." + BatchFormat.TABLE);
        insertAll(connection);
        JdbcEngine.execute(connection, "COMMIT");
        return true;
    }

    private void insertAll(SQLiteConnection connection) throws SQLException {
        int from = 0;
        while (from < messages.size()) {
            int to = from + 1;
            List<StoredValue> row = messages.get(from).storedAs().row();
            if (row == null) {
                to = endOfRun(from);
                insertRun(
                        connection,
                        messages.subList(from, to),
                        messages.get(from).text());
            } else {
                insertRow(connection, row);
            }
            from = to;
        }
    }

    /** Messages that are all TEXT or all BLOB, and all of this library's own kind. */
    private int endOfRun(int from) {
        StoredAs form = messages.get(from).storedAs();
        int to = from + 1;
        while (to < messages.size() && messages.get(to).storedAs().equals(form)) {
            to++;
        }
        return to;
    }

    /** The values as another program wrote them. */
    private static void insertRow(SQLiteConnection connection, List<StoredValue> row) throws SQLException {
        StringBuilder sql = new StringBuilder("INSERT INTO batch.message(time,key,headers,payload) VALUES (");
        for (int i = 0; i < row.size(); i++) {
            sql.append(i == 0 ? "" : ",").append(row.get(i).isText() ? "CAST(? AS TEXT)" : "?");
        }
        try (PreparedStatement insert =
                connection.prepareStatement(sql.append(')').toString())) {
            for (int i = 0; i < row.size(); i++) {
                bind(insert, i + 1, row.get(i));
            }
            insert.executeUpdate();
        }
    }

    private static void bind(PreparedStatement insert, int column, StoredValue value) throws SQLException {
        if (value.isBytes()) {
            insert.setBytes(column, value.bytes());
        } else if (value.isNull()) {
            insert.setNull(column, Types.NULL);
        } else if (value.isReal()) {
            insert.setDouble(column, value.toDouble());
        } else {
            insert.setLong(column, value.toLong());
        }
    }

    /** SQLite's own tools cut off a text at U+0000, but no BLOB. */
    private static void bindText(PreparedStatement insert, int column, @Nullable String text) throws SQLException {
        if (text != null && text.indexOf('\0') >= 0) {
            insert.setBytes(column, text.getBytes(StandardCharsets.UTF_8));
        } else {
            insert.setString(column, text);
        }
    }

    /** Inserts messages that are all TEXT or all BLOB: whole statements of many rows first, then the rest in one. */
    private void insertRun(SQLiteConnection connection, List<StoredMessage> run, boolean text) throws SQLException {
        int done = 0;
        if (run.size() >= ROWS_PER_INSERT) {
            try (PreparedStatement insert = connection.prepareStatement(insertSql(ROWS_PER_INSERT, text))) {
                for (; done + ROWS_PER_INSERT <= run.size(); done += ROWS_PER_INSERT) {
                    insert(insert, run.subList(done, done + ROWS_PER_INSERT));
                }
            }
        }
        if (done < run.size()) {
            try (PreparedStatement insert = connection.prepareStatement(insertSql(run.size() - done, text))) {
                insert(insert, run.subList(done, run.size()));
            }
        }
    }

    private void insert(PreparedStatement insert, List<StoredMessage> rows) throws SQLException {
        int column = 1;
        for (StoredMessage message : rows) {
            insert.setLong(column++, message.timeMillis());
            if (!plain) {
                bindText(insert, column++, message.key());
                bindText(insert, column++, message.headers());
            }
            insert.setBytes(column++, message.payload());
        }
        insert.executeUpdate();
    }

    /**
     * SQLite numbers the rows itself, from 1. The cast makes TEXT of UTF-8 bytes without a detour through a Java string,
     * and columns that are NULL throughout are left out: fewer values to bind.
     */
    private String insertSql(int rows, boolean text) {
        String payload = text ? "CAST(? AS TEXT)" : "?";
        String row = plain ? "(?," + payload + ")" : "(?,?,?," + payload + ")";
        StringBuilder sql = new StringBuilder("INSERT INTO batch.message(time,")
                .append(plain ? "payload" : "key,headers,payload")
                .append(") VALUES ")
                .append(row);
        for (int i = 1; i < rows; i++) {
            sql.append(',').append(row);
        }
        return sql.toString();
    }
}
