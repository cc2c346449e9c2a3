package io.turboqueue.batch;

import io.turboqueue.batch.jdbc.JdbcEngine;
import io.turboqueue.disk.LocalDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/** Uses SQLite and then waits to be killed. */
public final class WaitingWithSqlite {

    private WaitingWithSqlite() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Files.createTempDirectory("batch").resolve("batch.db");
        try (BatchEngine engine = new JdbcEngine(new LocalDisk());
                BatchWriter writer = engine.writer(file)) {
            writer.add(new StoredMessage(0, null, null, new byte[10], false));
            writer.seal(false);
            System.out.println(SQLiteJDBCLoader.isNativeMode() ? "SQLite is loaded" : "SQLite is missing");
            System.in.read();
        }
    }
}
