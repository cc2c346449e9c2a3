package io.turboqueue.examples.flights;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.turboqueue.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The results database: totals by route, and which batches they hold. Many processes write to it at a time.
 *
 * <p><b>Every flight counts once</b>, though the queue delivers at least once. Three things may go wrong, and each leaves
 * its mark in the table {@code batch}, which changes in the same transaction as the totals:
 *
 * <ul>
 *   <li>A consumer is killed after it recorded a batch and before it acknowledged it. The batch is delivered again
 *       under the same id: the id is there already, so nothing is counted.
 *   <li>A producer is killed after it published a chunk and before it noted that. The chunk is sent again, as a batch
 *       of another id with the same message numbers: its range of numbers is there already, so nothing is counted.
 *   <li>A chunk got cut into several batches, say because its producer stalled for longer than the queue's linger, and
 *       was then sent again as a whole. The ranges overlap in part: only the numbers not there yet are counted.
 * </ul>
 *
 * So the ranges in {@code batch}, taken together, are what has been counted, and it does not matter how messages were
 * cut into batches. A batch never holds flights of two chunks, because producers flush after each, so only the ranges
 * of one chunk have to be compared.
 */
final class Results implements AutoCloseable {

    private static final List<String> TABLES = List.of("""
            CREATE TABLE batch (
                id TEXT PRIMARY KEY,
                chunk INTEGER NOT NULL,
                first INTEGER NOT NULL,
                next INTEGER NOT NULL,
                counted INTEGER NOT NULL,
                deliveries INTEGER NOT NULL
            ) WITHOUT ROWID
            """, "CREATE INDEX batch_chunk ON batch (chunk)", """
            CREATE TABLE route (
                origin TEXT,
                destination TEXT,
                flights INTEGER NOT NULL,
                delay_minutes INTEGER NOT NULL,
                late_flights INTEGER NOT NULL,
                metres INTEGER NOT NULL,
                deviating_flights INTEGER NOT NULL,
                PRIMARY KEY (origin, destination)
            ) WITHOUT ROWID
            """);
    private static final String DELIVERED_AGAIN = "UPDATE batch SET deliveries = deliveries + 1 WHERE id = ?";
    private static final String COUNTED_RANGES = "SELECT first, next FROM batch WHERE chunk = ?";
    private static final String ADD_BATCH = "INSERT INTO batch VALUES (?, ?, ?, ?, ?, 1)";
    private static final String ADD_ROUTE = """
            INSERT INTO route VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
                flights = flights + excluded.flights,
                delay_minutes = delay_minutes + excluded.delay_minutes,
                late_flights = late_flights + excluded.late_flights,
                metres = metres + excluded.metres,
                deviating_flights = deviating_flights + excluded.deviating_flights
            """;
    private static final String SUMMARY = """
            SELECT count(*), coalesce(sum(counted), 0),
                   coalesce(sum(deliveries - 1 + (counted < next - first)), 0)
            FROM batch
            """;
    private static final int BUSY_MILLIS = 30_000;

    /**
     * What the database holds.
     *
     * @param batches how many batches were recorded, duplicates included
     * @param messages how many flights are counted
     * @param duplicates how many deliveries held flights that were counted before
     */
    record Summary(long batches, long messages, long duplicates) {}

    private final HikariDataSource pool;
    private final Workload workload;
    private final Airports airports;

    private Results(HikariDataSource pool, Workload workload, Airports airports) {
        this.pool = pool;
        this.workload = workload;
        this.airports = airports;
    }

    /** Creates the database; before any other process opens it. */
    static Results create(Workload workload, Airports airports) throws SQLException {
        Results results = open(workload, airports);
        try (Connection connection = results.pool.getConnection();
                Statement statement = connection.createStatement()) {
            // WAL is a property of the file, and all who open it later find it so.
            statement.execute("PRAGMA journal_mode = WAL");
            for (String table : TABLES) {
                statement.execute(table);
            }
        }
        return results;
    }

    /** Opens the database that another process created. */
    static Results open(Workload workload, Airports airports) {
        return new Results(pool(workload.folder().results(), workload.durability()), workload, airports);
    }

    private static HikariDataSource pool(Path file, Durability durability) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("results");
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.setMaximumPoolSize(1);
        config.addDataSourceProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
        // A transaction that reads first and then writes would fail at the first conflict with another writer.
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        config.addDataSourceProperty("synchronous", durability == Durability.POWER ? "FULL" : "NORMAL");
        return new HikariDataSource(config);
    }

    /** Adds the flights of a delivery to the totals, except for those counted before: all in one transaction. */
    void record(FlightBatch batch) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                if (!deliveredAgain(connection, batch.id())) {
                    add(connection, batch);
                }
                connection.commit();
            } catch (SQLException | RuntimeException failed) {
                connection.rollback();
                throw failed;
            }
        }
    }

    private static boolean deliveredAgain(Connection connection, String id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(DELIVERED_AGAIN)) {
            update.setString(1, id);
            return update.executeUpdate() > 0;
        }
    }

    private void add(Connection connection, FlightBatch batch) throws SQLException {
        SequenceRange range = SequenceRange.of(batch.flights());
        long chunk = workload.chunkOf(range.first());
        FlightBatch fresh = batch.without(countedRanges(connection, chunk), airports);
        addBatch(connection, batch.id(), range, fresh.flights().size());
        addRoutes(connection, fresh.totals());
    }

    private static List<SequenceRange> countedRanges(Connection connection, long chunk) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COUNTED_RANGES)) {
            select.setLong(1, chunk);
            List<SequenceRange> ranges = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ranges.add(new SequenceRange(rows.getLong(1), rows.getLong(2)));
                }
            }
            return ranges;
        }
    }

    private void addBatch(Connection connection, String id, SequenceRange range, long counted) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD_BATCH)) {
            insert.setString(1, id);
            insert.setLong(2, workload.chunkOf(range.first()));
            insert.setLong(3, range.first());
            insert.setLong(4, range.next());
            insert.setLong(5, counted);
            insert.executeUpdate();
        }
    }

    private static void addRoutes(Connection connection, Map<Route, RouteTotals> routes) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(ADD_ROUTE)) {
            for (Map.Entry<Route, RouteTotals> route : routes.entrySet()) {
                RouteTotals totals = route.getValue();
                upsert.setString(1, route.getKey().origin());
                upsert.setString(2, route.getKey().destination());
                upsert.setLong(3, totals.flights());
                upsert.setLong(4, totals.delayMinutes());
                upsert.setLong(5, totals.lateFlights());
                upsert.setLong(6, totals.metres());
                upsert.setLong(7, totals.deviatingFlights());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    /** What the database holds now. */
    Summary summary() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SUMMARY)) {
            row.next();
            return new Summary(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }

    /** The totals of every route. */
    Map<Route, RouteTotals> routes() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM route")) {
            Map<Route, RouteTotals> routes = new HashMap<>();
            while (rows.next()) {
                routes.put(
                        new Route(rows.getString(1), rows.getString(2)),
                        new RouteTotals(
                                rows.getLong(3), rows.getLong(4), rows.getLong(5), rows.getLong(6), rows.getLong(7)));
            }
            return routes;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
