package io.turboqueue;

import static io.turboqueue.TestSpool.claim;
import static io.turboqueue.TestSpool.drain;
import static io.turboqueue.TestSpool.payloads;
import static io.turboqueue.TestSpool.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other programs join with SQL and rename alone. */
class ForeignBatchTest {

    private static final String NAME = "5-20261121T110000000Z-from-a-shell_1.db";

    @TempDir
    Path temp;

    private TestSpool spool;
    private TurboQueue<String> queue;

    @BeforeEach
    void open() throws Exception {
        spool = new TestSpool(temp);
        queue = spool.queue("delivery.maxAttempts=3");
        queue.consumer().close();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private Path ready() {
        return spool.files().ready("q");
    }

    private void join(String name, String... statements) throws Exception {
        Path file = PlainSql.database(temp.resolve("foreign.db"), statements);
        Files.move(file, ready().resolve(name));
    }

    private void joinRows(String... values) throws Exception {
        List<String> statements = new ArrayList<>(List.of(PlainSql.TABLE));
        for (String value : values) {
            statements.add("INSERT INTO message(id, time, key, headers, payload) VALUES (" + value + ")");
        }
        join(NAME, statements.toArray(String[]::new));
    }

    @Test
    void aBatchMadeWithPlainSqlIsDelivered() throws Exception {
        joinRows("1, 1000, NULL, NULL, 'first'", "2, 2000, 'a key', '{\"h\": \"v\", \"n\": 1}', x'7365636f6e64'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            assertThat(batch.id()).isEqualTo("from-a-shell_1");
            assertThat(batch.attempt()).isZero();
            assertThat(payloads(batch)).containsExactly("first", "second");
            List<Message<String>> messages = new ArrayList<>();
            batch.forEach(messages::add);
            assertThat(messages.get(0).time()).isEqualTo(Instant.ofEpochMilli(1000));
            assertThat(messages.get(0).key()).isNull();
            assertThat(messages.get(0).headers()).isEmpty();
            assertThat(messages.get(1).key()).isEqualTo("a key");
            assertThat(messages.get(1).headers()).isEqualTo(Map.of("h", "v", "n", "1"));
            batch.ack();
        }
        assertThat(SpoolOnDisk.names(ready())).isEmpty();
    }

    @Test
    void messagesAreNumberedByPositionWhateverTheirIds() throws Exception {
        joinRows("-5, 0, NULL, NULL, 'a'", "70, 0, NULL, NULL, 'b'", "7, 0, NULL, NULL, 'between'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            assertThat(payloads(batch)).containsExactly("a", "between", "b");
            assertThat(batch).extracting(Message::id).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void aRetriedForeignBatchKeepsItsAttemptInItsName() throws Exception {
        joinRows("1, 0, NULL, NULL, 'a'", "2, 0, NULL, NULL, 'b'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            claim(consumer).nack(Duration.ZERO);
            assertThat(SpoolOnDisk.names(ready())).containsExactly("5-20261121T110000000Z-from-a-shell_1.a1.f1.db");

            ClaimedBatch<String> second = claim(consumer);
            assertThat(second.attempt()).isEqualTo(1);
            second.iterator().next();
            second.checkpoint();
            second.nack(Duration.ZERO);
            assertThat(SpoolOnDisk.names(ready())).containsExactly("5-20261121T110000000Z-from-a-shell_1.a2.f1.o1.db");

            ClaimedBatch<String> third = claim(consumer);
            assertThat(payloads(third)).containsExactly("b");
            third.nack(Duration.ZERO);
            claim(consumer).nack();
        }
        assertThat(SpoolOnDisk.names(spool.files().dead("q")))
                .containsExactly("5-20261121T110000000Z-from-a-shell_1.a4.f3.o1~attempts.db");
        assertThat(queue.redrive()).isEqualTo(1);
        assertThat(drain(queue)).containsExactly("b");
    }

    @Test
    void aFailedMessageOfAForeignBatchIsRetriedInABatchOfOurs() throws Exception {
        joinRows("1, 1234, 'k', '{\"n\": 1}', 'bad'", "2, 0, NULL, NULL, 'good'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            batch.fail(batch.iterator().next(), new IOException("no"));
            batch.ack();
            spool.time().advance(Duration.ofMinutes(1));
            ClaimedBatch<String> retry = claim(consumer);
            Message<String> message = retry.iterator().next();
            assertThat(message.payload()).isEqualTo("bad");
            assertThat(message.key()).isEqualTo("k");
            assertThat(message.time()).isEqualTo(Instant.ofEpochMilli(1234));
            assertThat(message.headers()).containsEntry("n", "1").containsEntry(Headers.ATTEMPT, "1");
        }
    }

    @Test
    void priorityAndTimeOfItsNameCount() throws Exception {
        publish(queue, "ours");
        join("9-20011121T110000000Z-low.db", PlainSql.TABLE, "INSERT INTO message(payload) VALUES ('low')");
        join("0-20261121T110000000Z-high.db", PlainSql.TABLE, "INSERT INTO message(payload) VALUES ('high')");

        assertThat(drain(queue)).containsExactly("high", "ours", "low");
    }

    @Test
    void anyScalarMayBeAPayload() throws Exception {
        joinRows(
                "1, 0, NULL, NULL, 42",
                "2, 0, NULL, NULL, 1.5",
                "3, 0, NULL, NULL, ''",
                "4, 0, NULL, NULL, x''",
                "5, 0, 7, NULL, 'integer key'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            assertThat(payloads(batch)).containsExactly("42", "1.5", "", "", "integer key");
            List<String> keys = new ArrayList<>();
            batch.forEach(message -> keys.add(String.valueOf(message.key())));
            assertThat(keys).containsExactly("null", "null", "null", "null", "7");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NULL", "'yesterday'", "x'00'", "9223372036854775807", "-9223372036854775808", "1e300", "-1.5"})
    void anyValueMayBeATime(String time) throws Exception {
        joinRows("1, " + time + ", NULL, NULL, 'a'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            Message<String> message = batch.iterator().next();
            assertThat(message.time()).isNotNull();
            assertThat(message.toString()).contains("id=1");
            assertThat(message.payload()).isEqualTo("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "", "[1, 2]", "3", "null", "{\"a\": ", "{\"a\": 1} trailing"})
    void headersThatAreNoObjectAreGivenBesideThoseOfTheQueue(String headers) throws Exception {
        joinRows("1, 0, NULL, '" + headers + "', 'a'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            Message<String> message = batch.iterator().next();
            assertThat(message.headers()).isEqualTo(Map.of(Headers.HEADERS, headers));
            batch.fail(message, new IOException("no"));
            batch.ack();
            spool.time().advance(Duration.ofMinutes(1));
            assertThat(claim(consumer).iterator().next().headers())
                    .containsEntry(Headers.HEADERS, headers)
                    .containsEntry(Headers.ATTEMPT, "1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pages", "jdbc"})
    void aMessageThatFailsAloneIsOtherwiseWhatItWas(String engine) throws Exception {
        TurboQueue<String> other = spool.queue("delivery.maxAttempts=2", "engine=" + engine);
        joinRows(
                "1, 1700000000003, x'ff01', '{\"a\":1.50,\"b\":null,\"o\":{\"x\":[true]}}', x'00ff'",
                "2, NULL, 7, x'ff', 42",
                "3, 'noon', -1.5, NULL, 2.5");
        String values = "SELECT group_concat(quote(time) || quote(key) || quote(payload)) FROM message";
        String before = PlainSql.text(ready().resolve(NAME), values);
        try (QueueConsumer<String> consumer = other.consumer()) {
            for (int attempt = 0; attempt < 2; attempt++) {
                ClaimedBatch<String> batch = claim(consumer);
                for (Message<String> message : batch) {
                    assertThat(message.identity()).isEqualTo("from-a-shell_1/" + message.id());
                    batch.fail(message, new IOException("no"));
                }
                batch.ack();
                spool.time().advance(Duration.ofMinutes(1));
            }
        }
        Path dead = spool.files()
                .dead("q")
                .resolve(SpoolOnDisk.names(spool.files().dead("q")).get(0));
        assertThat(PlainSql.text(dead, values)).isEqualTo(before);
        String own = "\"turboqueue.attempt\":\"2\",\"turboqueue.error\":\"java.io.IOException: no\"}";
        assertThat(PlainSql.text(dead, "SELECT group_concat(headers, char(10)) FROM message"))
                .isEqualTo("{\"a\":1.50,\"b\":null,\"o\":{\"x\":[true]},\"turboqueue.id\":\"from-a-shell_1/1\"," + own
                        + "\n{\"turboqueue.headersBase64\":\"/w==\",\"turboqueue.id\":\"from-a-shell_1/2\"," + own
                        + "\n{\"turboqueue.id\":\"from-a-shell_1/3\"," + own);
    }

    @Test
    void messagesOfOneBatchThatFailedUnequallyOftenGoSeparateWays() throws Exception {
        joinRows(
                "1, 0, NULL, '{\"turboqueue.attempt\":\"2\"}', 'often'",
                "2, 0, NULL, '{\"turboqueue.attempt\":\"1\"}', 'once'",
                "3, 0, NULL, NULL, 'never'",
                "4, 0, NULL, '{\"turboqueue.attempt\":\"1\"}', 'once too'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            for (Message<String> message : batch) {
                batch.fail(message, new IOException("no"));
            }
            batch.ack();
            assertThat(SpoolOnDisk.names(spool.files().dead("q"))).hasSize(1);

            spool.time().advance(Duration.ofMinutes(1));
            Map<Integer, List<String>> retried = new TreeMap<>();
            for (int i = 0; i < 2; i++) {
                ClaimedBatch<String> retry = claim(consumer);
                retried.put(retry.iterator().next().attempt(), payloads(retry));
            }
            assertThat(retried).isEqualTo(Map.of(1, List.of("never"), 2, List.of("once", "once too")));
        }
    }

    @Test
    void headersLargerThanJacksonReadsByDefaultComeBack() throws Exception {
        joinRows("1, 0, NULL, '{\"large\":\"' || printf('%.*c', 21000000, 'x') || '\"}', 'a'");
        try (QueueConsumer<String> consumer = queue.consumer()) {
            ClaimedBatch<String> batch = claim(consumer);
            Message<String> message = batch.iterator().next();
            assertThat(message.headers().get("large")).hasSize(21_000_000);
            batch.fail(message, new IOException("no"));
            batch.ack();
            spool.time().advance(Duration.ofMinutes(1));
            assertThat(claim(consumer).iterator().next().headers().get("large")).hasSize(21_000_000);
        }
    }

    @Test
    void anEmptyForeignBatchIsDone() throws Exception {
        join(NAME, PlainSql.TABLE);
        publish(queue, "ours");

        assertThat(drain(queue)).containsExactly("ours");
        assertThat(SpoolOnDisk.names(ready())).isEmpty();
        assertThat(SpoolOnDisk.names(spool.files().dead("q"))).isEmpty();
    }

    @Test
    void aWaitingConsumerIsWokenByAForeignBatch() throws Exception {
        try (Spool real = Spool.open(temp.resolve("real"));
                QueueConsumer<String> consumer = real.queue("q", Codecs.utf8()).consumer();
                Crew crew = new Crew()) {
            Path file = PlainSql.database(
                    temp.resolve("foreign.db"), PlainSql.TABLE, "INSERT INTO message(payload) VALUES ('a')");
            var poll = crew.start(() -> consumer.poll(Duration.ofMinutes(10)));
            Files.move(file, real.folder().resolve("q/ready").resolve(NAME));
            ClaimedBatch<String> batch = Crew.result(poll).orElseThrow();
            assertThat(payloads(batch)).containsExactly("a");
            batch.ack();
        }
    }

    @Test
    void anotherProgramReadsOurBatchesWithPlainSql() throws Exception {
        try (QueueProducer<String> producer = queue.producer()) {
            producer.send("text");
            producer.send("second", SendOptions.create().key("k").header("h", "v"));
        }
        Path mine = temp.resolve("mine.db");
        Files.move(SpoolOnDisk.only(ready()), mine);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + mine);
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(
                    "SELECT id || '|' || time || '|' || ifnull(key, '-') || '|' || ifnull(headers, '-') || '|'"
                            + " || payload || '|' || typeof(payload) FROM message ORDER BY id")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("1|" + MovableTime.START.toEpochMilli() + "|-|-|text|text");
                row.next();
                assertThat(row.getString(1))
                        .isEqualTo("2|" + MovableTime.START.toEpochMilli() + "|k|{\"h\":\"v\"}|second|text");
                assertThat(row.next()).isFalse();
            }
            try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
                check.next();
                assertThat(check.getString(1)).isEqualTo("ok");
            }
        }
    }

    @Test
    void bytesAreStoredAsBlobs() throws Exception {
        try (QueueProducer<byte[]> producer = spool.spool().queue("q").producer()) {
            producer.send("binary".getBytes(StandardCharsets.UTF_8));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SpoolOnDisk.only(ready()));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT typeof(payload) FROM message")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("blob");
        }
    }
}
