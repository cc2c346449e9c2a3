package io.turboqueue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.CRC32;

/** Another program that knows SQL and how to rename a file. */
final class PlainSql {

    static final String TABLE =
            "CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)";

    private PlainSql() {}

    /** Makes a database beside the spool. */
    static Path database(Path file, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return file;
    }

    /** The long form of a batch's name, with a seal that is true of the file. */
    static String sealedName(String start, Path file, long rows) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return String.format("%s.n%d.b%d.c%08x.a0.db", start, rows, bytes.length, crc.getValue());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The one value of a query. */
    static String text(Path file, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }
}
