package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program in another language joins the queue with nothing but SQLite and rename. */
@Timeout(120)
class ForeignProgramTest {

    private static final String PRODUCE = """
            import os, sqlite3, sys
            spool, queue = sys.argv[1:3]
            draft = os.path.join(spool, queue, "draft-of-python")
            database = sqlite3.connect(draft)
            database.execute("CREATE TABLE message(id INTEGER PRIMARY KEY, time INTEGER, key, headers TEXT, payload)")
            database.executemany("INSERT INTO message VALUES(?, ?, ?, ?, ?)", [
                (1, 1700000000123, "LAX-JFK", '{"source": "python"}', "first \\u00e9"),
                (2, 1700000000124, None, None, "second")])
            database.commit()
            database.close()
            os.rename(draft, os.path.join(spool, queue, "ready", "3-20240229T235959999Z-python_1.db"))
            """;

    private static final String CONSUME = """
            import os, sqlite3, sys
            spool, queue = sys.argv[1:3]
            ready = os.path.join(spool, queue, "ready")
            for name in sorted(os.listdir(ready)):
                mine = os.path.join(spool, queue, "claimed-by-python")
                try:
                    os.rename(os.path.join(ready, name), mine)
                except FileNotFoundError:
                    continue
                database = sqlite3.connect("file:" + mine + "?mode=ro&immutable=1", uri=True)
                print(database.execute("PRAGMA integrity_check").fetchone()[0])
                for row in database.execute("SELECT id, key, headers, payload FROM message ORDER BY id"):
                    print(*row, sep="|")
                database.close()
                os.remove(mine)
                break
            """;

    @TempDir
    Path temp;

    private Path spool;

    @BeforeEach
    void python() throws Exception {
        spool = temp.resolve("spool");
        boolean found;
        try {
            found = python("import sqlite3", "none", "none").isEmpty();
        } catch (IOException | AssertionError missing) {
            found = false;
        }
        assumeThat(found).as("python3 with its module sqlite3 is on the path").isTrue();
    }

    @Test
    void aBatchThatPythonPublishesIsDelivered() throws Exception {
        try (Spool opened = Spool.open(spool);
                QueueConsumer<String> consumer =
                        opened.queue("flights", Codecs.utf8()).consumer()) {
            assertThat(python(PRODUCE, spool.toString(), "flights")).isEmpty();
            try (ClaimedBatch<String> batch =
                    consumer.poll(Duration.ofSeconds(60)).orElseThrow()) {
                List<String> messages = new ArrayList<>();
                batch.forEach(message -> messages.add(message.id() + "|" + message.time() + "|" + message.key() + "|"
                        + message.headers() + "|" + message.payload()));
                assertThat(batch.id()).isEqualTo("python_1");
                assertThat(batch.attempt()).isZero();
                assertThat(messages)
                        .containsExactly(
                                "1|2023-11-14T22:13:20.123Z|LAX-JFK|{source=python}|first \u00e9",
                                "2|2023-11-14T22:13:20.124Z|null|{}|second");
                batch.nack(Duration.ZERO);
            }
            try (ClaimedBatch<String> again =
                    consumer.poll(Duration.ofSeconds(60)).orElseThrow()) {
                assertThat(again.attempt())
                        .as("attempts are counted for foreign batches too")
                        .isEqualTo(1);
                again.ack();
            }
        }
        assertThat(SpoolFiles.leftovers(spool)).isEmpty();
    }

    @Test
    void pythonClaimsReadsAndDeletesABatchOfOurs() throws Exception {
        try (Spool opened = Spool.open(spool);
                QueueProducer<String> producer =
                        opened.queue("flights", Codecs.utf8()).producer()) {
            producer.send("first \u00e9", SendOptions.create().key("LAX-JFK").header("source", "java"));
            producer.send("second");
            producer.flush();
            assertThat(python(CONSUME, spool.toString(), "flights"))
                    .containsExactly("ok", "1|LAX-JFK|{\"source\":\"java\"}|first \u00e9", "2|None|None|second");
        }
        assertThat(SpoolFiles.leftovers(spool)).isEmpty();
    }

    private List<String> python(String program, String... arguments) throws IOException, InterruptedException {
        Path file = Files.writeString(temp.resolve("program.py"), program);
        Path output = temp.resolve("output");
        List<String> command = new ArrayList<>(List.of("python3", "-X", "utf8", file.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("python ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as("exit code, after %s", lines).isZero();
        return lines;
    }
}
