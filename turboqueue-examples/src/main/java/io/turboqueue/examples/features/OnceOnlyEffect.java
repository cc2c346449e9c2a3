package io.turboqueue.examples.features;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.turboqueue.ClaimedBatch;
import io.turboqueue.Codecs;
import io.turboqueue.Message;
import io.turboqueue.QueueConsumer;
import io.turboqueue.QueueProducer;
import io.turboqueue.Spool;
import io.turboqueue.TurboQueue;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * A message may be delivered twice. The effect in a database happens once, because the message's identity is recorded in the
 * same transaction.
 */
public final class OnceOnlyEffect {

    private OnceOnlyEffect() {}

    /**
     * Runs it.
     *
     * @param args the spool's folder; a temporary one if there is none
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Feature.run(args, OnceOnlyEffect::run);
    }

    static void run(Path folder, PrintStream out) throws Exception {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl("jdbc:sqlite:" + folder.resolveSibling("accounts.db"));
        pool.setMaximumPoolSize(1);
        try (Spool spool = Spool.open(folder);
                HikariDataSource accounts = new HikariDataSource(pool)) {
            execute(accounts, "CREATE TABLE done(identity TEXT PRIMARY KEY)");
            execute(accounts, "CREATE TABLE booking(amount INTEGER)");
            TurboQueue<String> payments = spool.queue("payments", Codecs.utf8());
            try (QueueProducer<String> producer = payments.producer()) {
                producer.sendAll(List.of("10", "20"));
            }
            try (QueueConsumer<String> consumer = payments.consumer()) {
                for (boolean acked : new boolean[] {false, true}) { // the first delivery ends without an ack
                    try (ClaimedBatch<String> batch = consumer.take()) {
                        for (Message<String> payment : batch) {
                            out.println(
                                    payment.payload() + (book(accounts, payment) ? " booked" : " was booked before"));
                        }
                        if (acked) {
                            batch.ack();
                        } else {
                            batch.nack(Duration.ZERO);
                        }
                    }
                }
            }
            out.println("total " + total(accounts));
        }
    }

    private static boolean book(DataSource accounts, Message<String> payment) throws SQLException {
        try (Connection connection = accounts.getConnection()) {
            connection.setAutoCommit(false);
            boolean isNew =
                    update(connection, "INSERT INTO done VALUES (?) ON CONFLICT DO NOTHING", payment.identity());
            if (isNew) {
                update(connection, "INSERT INTO booking VALUES (?)", payment.payload());
            }
            connection.commit();
            return isNew;
        }
    }

    private static boolean update(Connection connection, String sql, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, value);
            return statement.executeUpdate() == 1;
        }
    }

    private static void execute(DataSource accounts, String sql) throws SQLException {
        try (Connection connection = accounts.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long total(DataSource accounts) throws SQLException {
        try (Connection connection = accounts.getConnection();
                Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("SELECT sum(amount) FROM booking")) {
            return sum.getLong(1);
        }
    }
}
