package io.turboqueue.batch;

import io.turboqueue.io.Disk;
import io.turboqueue.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** Keeps the messages in memory and writes them in one transaction when sealed. Not thread-safe. */
final class JdbcBatchWriter implements BatchWriter {

    private static final int ROWS_PER_INSERT = 50;
    private static final int SMALL_PAGE = 4096;
    private static final int LARGE_PAGE = 32768;

    private final JdbcEngine engine;
    private final Disk disk;
    private final Path file;
    private List<StoredMessage> messages = new ArrayList<>();
    private long weight;
    private boolean plain = true; // neither key nor headers so far
    private boolean created;

    JdbcBatchWriter(JdbcEngine engine, Disk disk, Path file) {
        this.engine = engine;
        this.disk = disk;
        this.file = file;
    }

    @Override
    public void add(StoredMessage message) {
        messages.add(message);
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
        try (DiskFile open = disk.create(file)) {
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
            disk.unlink(file);
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
            boolean text = messages.get(from).text();
            while (to < messages.size() && messages.get(to).text() == text) {
                to++;
            }
            insertRun(connection, messages.subList(from, to), text);
            from = to;
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
                insert.setString(column++, message.key());
                insert.setString(column++, message.headers());
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
