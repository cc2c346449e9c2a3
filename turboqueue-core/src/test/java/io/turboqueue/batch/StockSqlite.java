package io.turboqueue.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/** SQLite as other programs use it: the {@code sqlite3} program where there is one, else sqlite-jdbc. */
public final class StockSqlite {

    private static final boolean PROGRAM = hasProgram();

    private StockSqlite() {}

    private static boolean hasProgram() {
        try {
            return new ProcessBuilder("sqlite3", "-version").start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Runs statements on a database file, which is made if it is not there. */
    public static void run(Path file, String statements) throws IOException {
        if (PROGRAM) {
            program(file, statements);
        } else {
            driver(file, statements, false);
        }
    }

    /** The rows of a query: values separated by {@code |}, rows by line feeds, NULL empty. */
    public static String query(Path file, String sql) throws IOException {
        return (PROGRAM ? program(file, sql + ";") : driver(file, sql, true)).strip();
    }

    private static String program(Path file, String statements) throws IOException {
        Process process = new ProcessBuilder("sqlite3", "-batch", "-bail", file.toString())
                .redirectErrorStream(true)
                .start();
        try (var input = process.getOutputStream()) {
            input.write(statements.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("sqlite3 failed on " + file + ": " + output);
        }
        return output;
    }

    private static String driver(Path file, String sql, boolean rows) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            if (!rows) {
                statement.executeUpdate(sql);
                return "";
            }
            try (ResultSet row = statement.executeQuery(sql)) {
                return text(row);
            }
        } catch (SQLException failed) {
            throw new IOException("sqlite-jdbc failed on " + file, failed);
        }
    }

    private static String text(ResultSet row) throws SQLException {
        StringJoiner lines = new StringJoiner("\n");
        while (row.next()) {
            StringJoiner line = new StringJoiner("|");
            for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                String value = row.getString(column);
                line.add(value == null ? "" : value);
            }
            lines.add(line.toString());
        }
        return lines.toString();
    }
}
