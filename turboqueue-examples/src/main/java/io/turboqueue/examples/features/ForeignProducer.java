package io.turboqueue.examples.features;

import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.QueueConsumer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Any program that writes SQLite can publish: a database with one table, renamed into {@code ready/}. No library needed. */
public final class ForeignProducer {

    private ForeignProducer() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, ForeignProducer::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        try (Spool spool = Spool.open(folder)) {
            TurboQueue<String> readings = spool.queue("readings", Codecs.utf8());
            try (QueueConsumer<String> consumer = readings.consumer()) { // makes the queue's folders
                Path queue = folder.resolve("readings");
                Path loading = queue.resolve("loading-sensor-1");
                write(loading, "21.5", "21.7");
                Files.move(loading, queue.resolve("ready").resolve("5-20260101T000000000Z-sensor-1.db"));

                try (ClaimedBatch<String> batch =
                        consumer.poll(Duration.ofSeconds(5)).orElseThrow()) {
                    batch.forEach(reading -> out.println(reading.payload()));
                    batch.ack();
                }
            }
        }
    }

    private static void write(Path file, String... payloads) throws SQLException {
        try (Connection batch = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement table = batch.createStatement()) {
            table.execute("CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)");
            try (PreparedStatement insert =
                    batch.prepareStatement("INSERT INTO message(time, payload) VALUES (?, ?)")) {
                for (String payload : payloads) {
                    insert.setLong(1, System.currentTimeMillis());
                    insert.setString(2, payload);
                    insert.executeUpdate();
                }
            }
        }
    }
}
