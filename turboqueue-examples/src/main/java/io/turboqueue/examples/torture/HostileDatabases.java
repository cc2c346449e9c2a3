package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Databases as another program might drop them into a queue to do harm: none of them is a batch. */
final class HostileDatabases {

    private static final String TABLE =
            "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)";
    private static final String ROW = "INSERT INTO message(time, payload) VALUES (1, 'hostile')";
    private static final Map<String, List<String>> STATEMENTS = new TreeMap<>(Map.of(
            "millions-of-empty-rows",
            List.of(
                    TABLE,
                    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 600000)"
                            + " INSERT INTO message(payload) SELECT '' FROM n"),
            "endless-view",
            List.of("CREATE VIEW message AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
                    + " SELECT id, 2 AS time, 3 AS key, NULL AS headers, 'x' AS payload FROM n"),
            "trigger",
            List.of(TABLE, ROW, "CREATE TRIGGER t AFTER INSERT ON message BEGIN SELECT 1; END"),
            "second-table",
            List.of(TABLE, ROW, "CREATE TABLE other(x)"),
            "index",
            List.of(TABLE, ROW, "CREATE INDEX i ON message(time)"),
            "computed-column",
            List.of("CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT,"
                    + " payload AS (hex(zeroblob(1000000))))"),
            "no-table",
            List.of("CREATE TABLE other(x)"),
            "wal",
            List.of("PRAGMA journal_mode=WAL", TABLE, ROW),
            "no-payload",
            List.of(TABLE, "INSERT INTO message(payload) VALUES (NULL)")));

    private HostileDatabases() {}

    /** Their bytes by what they are. */
    static Map<String, byte[]> make(Path folder) throws IOException {
        Map<String, byte[]> databases = new TreeMap<>();
        for (String name : STATEMENTS.keySet()) {
            Path file = folder.resolve(name);
            databases.put(name, make(file, STATEMENTS.getOrDefault(name, new ArrayList<>())));
        }
        return databases;
    }

    private static byte[] make(Path file, List<String> statements) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failed) {
            throw new IOException("cannot make the database " + file, failed);
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return bytes;
    }
}
