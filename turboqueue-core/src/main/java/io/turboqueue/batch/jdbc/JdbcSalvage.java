package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.DamagedBatchException;
import io.turboqueue.batch.StoredMessage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sqlite.SQLiteConnection;

/**
 * Reads what can still be read of an attached batch that is damaged: from the front to the damage, from the end back to
 * it, and then row by row what lies between.
 */
final class JdbcSalvage {

    private static final long MAX_TRIES = 1_000_000;
    private static final String ROWS = JdbcBatchReader.query("id");

    private final SQLiteConnection connection;
    private final TreeMap<Long, StoredMessage> found = new TreeMap<>();

    private JdbcSalvage(SQLiteConnection connection) {
        this.connection = connection;
    }

    /**
     * In order of their positions.
     *
     * @param expected rows that the batch should have, 0 if that is not known
     * @param known ids that need not be looked for one by one
     */
    static SortedMap<Long, StoredMessage> rows(SQLiteConnection connection, long expected, Set<Long> known) {
        JdbcSalvage salvage = new JdbcSalvage(connection);
        if (!salvage.readAlong("ORDER BY id")) {
            salvage.readAlong("ORDER BY id DESC");
            salvage.readBetween(expected, known);
        }
        return salvage.found;
    }

    /** False if it met the damage. */
    private boolean readAlong(String order) {
        try (PreparedStatement select = connection.prepareStatement(ROWS + " " + order);
                ResultSet rows = select.executeQuery()) {
            boolean whole = true;
            while (rows.next() && !found.containsKey(rows.getLong(JdbcBatchReader.EXTRA))) {
                whole &= keep(rows);
            }
            return whole;
        } catch (SQLException damage) {
            return false;
        }
    }

    private boolean keep(ResultSet row) throws SQLException {
        long id = row.getLong(JdbcBatchReader.EXTRA);
        try {
            found.put(id, JdbcBatchReader.message(row, id));
            return true;
        } catch (DamagedBatchException noPayload) {
            return false;
        }
    }

    private void readBetween(long expected, Set<Long> known) {
        long last = Math.max(expected, found.isEmpty() ? 0 : found.lastKey());
        for (long id = 1; id <= Math.min(last, MAX_TRIES); id++) {
            if (!found.containsKey(id) && !known.contains(id)) {
                readOne(id);
            }
        }
    }

    @SuppressWarnings("EmptyCatch") // a row that cannot be read is what salvage is about
    private void readOne(long id) {
        try (PreparedStatement select =
                connection.prepareStatement(ROWS + " WHERE id = ?")) { // one that failed is closed
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    keep(row);
                }
            }
        } catch (SQLException lost) {
            // counted by its absence
        }
    }
}
