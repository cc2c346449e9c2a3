package io.turboqueue.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What most people would write: one table in one SQLite database in WAL mode, one message a transaction. With
 * {@code synchronous = NORMAL} it promises as much as {@code PROCESS} does, and syncs only at checkpoints.
 */
final class TableSubject implements Subject {

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement select;
    private final PreparedStatement delete;

    TableSubject(Path folder) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("table.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 60000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            statement.execute("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, payload BLOB)");
        }
        insert = connection.prepareStatement("INSERT INTO message (payload) VALUES (?)");
        select = connection.prepareStatement("SELECT id, payload FROM message ORDER BY id LIMIT 1");
        delete = connection.prepareStatement("DELETE FROM message WHERE id = ?");
    }

    @Override
    public void write(Workload workload, byte[][] payloads) throws SQLException {
        for (int i = 0; i < workload.cycleMessages(); i++) {
            insert.setBytes(1, payloads[i % payloads.length]);
            insert.executeUpdate();
        }
    }

    @Override
    public long read(Workload workload) throws SQLException {
        long bytes = 0;
        for (int i = 0; i < workload.cycleMessages(); i++) {
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                delete.setLong(1, rows.getLong(1));
                bytes += rows.getBytes(2).length;
            }
            delete.executeUpdate();
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
    }
}
