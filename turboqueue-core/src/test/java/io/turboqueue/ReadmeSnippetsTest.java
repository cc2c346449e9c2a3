package io.turboqueue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turboqueue.JavaBlocks.Block;
import io.turboqueue.inspect.QueueStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the README and the recipes show compiles and runs. */
class ReadmeSnippetsTest {

    @TempDir
    Path temp;

    private final List<JavaBlocks> loaded = new ArrayList<>();

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("turboqueue-core"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new AssertionError("no project around " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    private static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>(List.of(root().resolve("README.md")));
        try (Stream<Path> pages = Files.list(root().resolve("turboqueue-core/doc"))) {
            pages.filter(page -> page.toString().endsWith(".md")).sorted().forEach(texts::add);
        }
        return texts;
    }

    @TestFactory
    Stream<DynamicTest> everyJavaBlockOfTheReadmeAndTheDocsRuns() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path text : texts()) {
            String page = text.getFileName().toString();
            Path scratch = temp.resolve(page);
            JavaBlocks java = JavaBlocks.compile(Files.readString(text), scratch);
            loaded.add(java);
            java.blocks().stream()
                    .filter(block -> !block.isDeclaration())
                    .map(block -> DynamicTest.dynamicTest(
                            page + " line " + block.line(), () -> run(java, block, scratch.resolve("spool"))))
                    .forEach(tests::add);
        }
        assertThat(tests).as("java blocks").isNotEmpty();
        return tests.stream().onClose(() -> loaded.forEach(ReadmeSnippetsTest::close));
    }

    private static void close(JavaBlocks java) {
        try {
            java.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void run(JavaBlocks java, Block block, Path spool) throws Exception {
        if (block.isEndless()) {
            runUntilInterrupted(java, block, spool);
            return;
        }
        try (Crew crew = new Crew()) {
            Crew.result(crew.start(() -> {
                java.run(block, spool);
                return true;
            }));
        }
    }

    /** A loop that really is one ends only when its thread is interrupted, and must have emptied the queue before. */
    private static void runUntilInterrupted(JavaBlocks java, Block block, Path spool) throws Exception {
        try (Spool other = Spool.open(spool)) {
            try (QueueProducer<byte[]> producer = other.queue("flights").producer()) {
                producer.send("{\"origin\":\"LAX\",\"destination\":\"JFK\",\"delay\":7}".getBytes(UTF_8));
            }
            FutureTask<Boolean> running = new FutureTask<>(() -> {
                java.run(block, spool);
                return true;
            });
            Thread thread = new Thread(running, "block at line " + block.line());
            thread.start();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> running.isDone() || isEmpty(other));
            assertThat(running).as("a loop without an end").isNotDone();
            thread.interrupt();
            assertThatThrownBy(() -> running.get(1, TimeUnit.MINUTES))
                    .hasRootCauseInstanceOf(InterruptedException.class);
        }
    }

    private static boolean isEmpty(Spool spool) throws IOException {
        QueueStats stats = spool.queue("flights").inspector().stats();
        return stats.ready().batches() + stats.claimed().batches() == 0;
    }

    @Test
    void theRecipeForADatabaseBooksAMessageOnceHoweverOftenItIsDelivered() throws Exception {
        String page = Files.readString(root().resolve("turboqueue-core/doc/recipes.md"));
        Path ledger = temp.resolve("ledger.db");
        try (JavaBlocks java = JavaBlocks.compile(page, temp.resolve("recipe"));
                Connection database = DriverManager.getConnection("jdbc:sqlite:" + ledger);
                Spool spool = Spool.open(temp.resolve("recipe-spool"))) {
            OnceOnly<?> recipe = new OnceOnly<>(java, database, java.declared("Flight"));
            TurboQueue<byte[]> flights =
                    spool.queue("flights", Codecs.bytes(), QueueConfig.builder().build());
            recipe.deliverAgainAndAgain(spool, flights);
        }
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + ledger);
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*), count(DISTINCT destination) FROM booking")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(3);
            assertThat(rows.getInt(2)).isEqualTo(3);
        }
    }

    /** The recipe's class, and a consumer that dies, nacks and fails after its effects. */
    private static final class OnceOnly<T> {
        private final Object bookings;
        private final Method handle;
        private final Class<T> flight;

        OnceOnly(JavaBlocks java, Connection database, Class<T> flight) throws ReflectiveOperationException {
            Class<?> type = java.declared("Bookings");
            Constructor<?> constructor = type.getDeclaredConstructor(Connection.class);
            constructor.setAccessible(true);
            this.bookings = constructor.newInstance(database);
            this.handle = type.getDeclaredMethod("handle", Message.class);
            this.handle.setAccessible(true);
            this.flight = flight;
        }

        private void handle(Message<T> message) throws ReflectiveOperationException {
            handle.invoke(bookings, message);
        }

        void deliverAgainAndAgain(Spool spool, TurboQueue<byte[]> bytes) throws Exception {
            try (QueueProducer<byte[]> producer = bytes.producer()) {
                for (String to : List.of("JFK", "SFO", "ORD")) {
                    producer.send(("{\"origin\":\"LAX\",\"destination\":\"" + to + "\",\"delay\":7}").getBytes(UTF_8));
                }
            }
            QueueConfig soon =
                    QueueConfig.builder().retryBackoff(Duration.ofMillis(1)).build();
            TurboQueue<T> flights = spool.queue("flights", Codecs.json(flight), soon);
            try (QueueConsumer<T> consumer = flights.consumer()) {
                try (ClaimedBatch<T> batch = consumer.take()) {
                    for (Message<T> message : batch) {
                        handle(message);
                    }
                    batch.nack(Duration.ZERO);
                }
                try (ClaimedBatch<T> batch = consumer.take()) {
                    for (Message<T> message : batch) {
                        handle(message);
                        batch.fail(message, new IOException("after its effect"));
                    }
                    batch.ack();
                }
                try (ClaimedBatch<T> alone = consumer.take()) {
                    assertThat(alone.size()).isEqualTo(3);
                    for (Message<T> message : alone) {
                        handle(message);
                    }
                    alone.ack();
                }
            }
        }
    }

    @Test
    void onlyJavaBlocksAreTaken() {
        List<Block> blocks = JavaBlocks.find("""
                # Title
                ```java
                int i;
                int j;
                ```
                ```json
                {}
                ```
                ```
                x
                ```
                """);
        assertThat(blocks).containsExactly(new Block(3, List.of("int i;", "int j;")));
    }

    @Test
    void aBlockWithoutAnEndIsAnError() {
        assertThatThrownBy(() -> JavaBlocks.find("text\n```java\nint i;"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("the block that starts at line 3 has no end");
    }

    @Test
    void codeThatDoesNotCompileIsReportedWithItsLineInTheText() {
        assertThatThrownBy(() -> JavaBlocks.compile("text\n\n```java\nint i = 1;\nint j = noSuchThing;\n```\n", temp))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("line 5: ")
                .hasMessageContaining("noSuchThing");
    }

    @Test
    void codeThatFailsIsReported() throws Exception {
        try (JavaBlocks java =
                JavaBlocks.compile("```java\nthrow new IllegalStateException(\"shown\");\n```\n", temp)) {
            assertThatThrownBy(() -> run(java, java.blocks().get(0), temp))
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("shown");
        }
    }

    @Test
    void blocksMayUseWhatTheyAreGivenAndEachOthersClasses() throws Exception {
        String text = """
                ```java
                record Airport(String code) {}
                ```
                ```java
                import java.util.concurrent.TimeUnit;
                try (Spool spool = Spool.open(folder)) {
                    TurboQueue<Flight> flights = spool.queue("flights", Codecs.json(Flight.class));
                    try (QueueProducer<Flight> producer = flights.producer()) {
                        producer.send(flight, SendOptions.create().key(new Airport("LAX").code()));
                    }
                    try (QueueConsumer<Flight> consumer = flights.consumer()) {
                        Duration wait = Duration.ofMillis(TimeUnit.SECONDS.toMillis(5));
                        for (Message<Flight> message : consumer.poll(wait).orElseThrow()) {
                            handle(message.payload());
                        }
                    }
                }
                ```
                """;
        try (JavaBlocks java = JavaBlocks.compile(text, temp)) {
            run(java, java.blocks().get(1), temp.resolve("spool"));
        }
        assertThat(Files.isDirectory(temp.resolve("spool/flights"))).isTrue();
    }
}
