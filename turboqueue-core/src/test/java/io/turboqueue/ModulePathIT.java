package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar and its four run-time dependencies, and nothing else, serve a program on the module path. */
class ModulePathIT {

    private static final Path JAR = Path.of("target", "turboqueue-core.jar");
    private static final Path DEPENDENCIES = Path.of("target", "lib");
    private static final List<String> RUN_TIME = List.of("jackson-", "HikariCP", "slf4j-api", "sqlite-jdbc");

    private static final String MODULE = """
            module orders {
                requires io.turboqueue;
                opens orders to com.fasterxml.jackson.databind;
            }
            """;
    private static final String PROGRAM = """
            package orders;

            import io.turboqueue.*;
            import io.turboqueue.inspect.QueueStats;
            import java.nio.file.Path;
            import java.time.*;

            class Main {
                record Order(int id, Instant placed) {}

                public static void main(String[] args) throws Exception {
                    for (Engine engine : Engine.values()) {
                        handOver(Path.of(args[0]), engine);
                    }
                }

                private static void handOver(Path folder, Engine engine) throws Exception {
                    QueueConfig config = QueueConfig.builder().engine(engine).build();
                    Order order = new Order(7, Instant.parse("2026-11-21T12:00:00Z"));
                    try (Spool spool = Spool.open(folder)) {
                        TurboQueue<Order> orders = spool.queue("orders", Codecs.json(Order.class), config);
                        try (QueueProducer<Order> producer = orders.producer()) {
                            producer.send(order, SendOptions.create().key("k"));
                        }
                        QueueStats stats = orders.inspector().stats();
                        try (QueueConsumer<Order> consumer = orders.consumer();
                                ClaimedBatch<Order> batch = consumer.poll(Duration.ofSeconds(60)).orElseThrow()) {
                            for (Message<Order> message : batch) {
                                System.out.println(engine + " " + stats.ready().batches() + " " + message.key() + " "
                                        + message.payload().equals(order));
                            }
                            batch.ack();
                        }
                    }
                }
            }
            """;

    @TempDir
    Path temp;

    @Test
    void aProgramOnTheModulePathCompilesAndRuns() throws Exception {
        Path sources = Files.createDirectories(temp.resolve("sources/orders"));
        Path module = Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
        Path program = Files.writeString(sources.resolve("Main.java"), PROGRAM);
        Path classes = temp.resolve("classes");

        assertThat(run("javac", "-Xlint:all", "-Werror", "-p", modulePath(), "-d", classes, module, program))
                .isEmpty();
        String path = modulePath() + File.pathSeparator + classes;
        assertThat(run("java", nativeAccess(), "-p", path, "-m", "orders/orders.Main", temp.resolve("spool")))
                .contains("JDBC 1 k true", "PAGES 1 k true");
    }

    /** Newer JDKs warn of the native library of sqlite-jdbc unless its module is named. */
    private static String nativeAccess() {
        return Runtime.version().feature() < 22 ? "-ea" : "--enable-native-access=org.xerial.sqlitejdbc";
    }

    private static String modulePath() throws IOException {
        try (Stream<Path> jars = Files.list(DEPENDENCIES)) {
            return Stream.concat(Stream.of(JAR), jars.filter(ModulePathIT::isRunTime))
                    .map(jar -> jar.toAbsolutePath().toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static boolean isRunTime(Path jar) {
        return RUN_TIME.stream().anyMatch(start -> jar.getFileName().toString().startsWith(start));
    }

    /** What the tool prints; fails if it does. */
    private String run(String tool, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = temp.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(output);
        assertThat(ended && process.waitFor() == 0).as(printed).isTrue();
        return printed;
    }
}
