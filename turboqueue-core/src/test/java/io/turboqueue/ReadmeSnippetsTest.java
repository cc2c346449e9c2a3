package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turboqueue.JavaBlocks.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows compiles and runs. */
class ReadmeSnippetsTest {

    @TempDir
    Path temp;

    private static Path readme() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("turboqueue-core"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new AssertionError("no project around " + Path.of("").toAbsolutePath());
            }
        }
        return folder.resolve("README.md");
    }

    @TestFactory
    Stream<DynamicTest> everyJavaBlockOfTheReadmeRuns() throws IOException {
        assumeTrue(Files.exists(readme()), "there is no " + readme());
        JavaBlocks java = JavaBlocks.compile(Files.readString(readme()), temp);
        assertThat(java.blocks()).as("java blocks in %s", readme()).isNotEmpty();
        Path spool = temp.resolve("spool");
        return java.blocks().stream()
                .filter(block -> !block.isDeclaration())
                .map(block -> DynamicTest.dynamicTest("README.md line " + block.line(), () -> run(java, block, spool)))
                .onClose(() -> close(java));
    }

    private static void close(JavaBlocks java) {
        try {
            java.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void run(JavaBlocks java, Block block, Path spool) throws Exception {
        try (Crew crew = new Crew()) {
            Crew.result(crew.start(() -> {
                java.run(block, spool);
                return true;
            }));
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
