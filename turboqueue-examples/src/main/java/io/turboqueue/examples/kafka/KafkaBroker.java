package io.turboqueue.examples.kafka;

import io.turboqueue.examples.JavaCommand;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;

/**
 * A real broker for the demo and the tests: Kafka's own main class in a JVM of its own, with one node, on loopback and free
 * ports. Its files and its log are in one folder. Not thread-safe.
 */
final class KafkaBroker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRIES = 3;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final int LOOK_MILLIS = 2000;
    private static final long GOODBYE_SECONDS = 15;

    private final Path folder;
    private final Path config;
    private final int port;
    private final int securePort;
    private Process process;

    private KafkaBroker(Path folder, Path config, int port, int securePort, Process process) {
        this.folder = folder;
        this.config = config;
        this.port = port;
        this.securePort = securePort;
        this.process = process;
    }

    /** Whether the broker's classes are on the class path. */
    static boolean isThere() {
        return KafkaBroker.class.getClassLoader().getResource("kafka/Kafka.class") != null;
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param folder for all its files; made if it is not there
     * @param more settings of the broker beside the usual ones; a {@code SASL_PLAINTEXT} listener is there when they give
     *     its users
     */
    static KafkaBroker start(Path folder, Map<String, String> more) throws IOException, InterruptedException {
        IOException last = new IOException("never tried");
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                return tryToStart(folder.resolve("try-" + attempt), more);
            } catch (IOException portTaken) { // most likely: somebody was faster
                last = portTaken;
            }
        }
        throw last;
    }

    private static KafkaBroker tryToStart(Path folder, Map<String, String> more)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = freePort();
        int securePort = freePort();
        Path config = folder.resolve("server.properties");
        Properties properties = properties(folder, port, securePort);
        properties.putAll(more);
        try (Writer writer = Files.newBufferedWriter(config)) {
            properties.store(writer, null);
        }
        Process format = java(
                folder,
                List.of(
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        config.toString()));
        if (format.waitFor() != 0) {
            throw new IOException("the broker's folder cannot be formatted:\n" + log(folder));
        }
        KafkaBroker broker = new KafkaBroker(folder, config, port, securePort, launch(folder, config));
        broker.awaitAnswer();
        return broker;
    }

    private static Properties properties(Path folder, int port, int securePort) throws IOException {
        int controller = freePort();
        Map<String, String> all = new HashMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        all.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",SASL_PLAINTEXT://127.0.0.1:" + securePort
                        + ",CONTROLLER://127.0.0.1:" + controller);
        all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port + ",SASL_PLAINTEXT://127.0.0.1:" + securePort);
        all.put("controller.listener.names", "CONTROLLER");
        all.put("inter.broker.listener.name", "PLAINTEXT");
        all.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("sasl.enabled.mechanisms", "PLAIN");
        all.put(
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required;");
        all.put("log.dirs", folder.resolve("data").toString());
        all.put("auto.create.topics.enable", "false");
        all.put("group.initial.rebalance.delay.ms", "0");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            all.put(topic + ".num.partitions", "1");
            all.put(topic + ".replication.factor", "1");
        }
        all.put("transaction.state.log.min.isr", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        // After a kill the broker may register again only when its old session is over.
        all.put("broker.session.timeout.ms", "2000");
        all.put("broker.heartbeat.interval.ms", "300");
        all.put("log.cleaner.dedupe.buffer.size", "2097152");
        all.put("num.network.threads", "1");
        all.put("num.io.threads", "2");
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Where clients have to say who they are (SASL_PLAINTEXT, PLAIN). */
    String secureBootstrap() {
        return "127.0.0.1:" + securePort;
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: its port is open, and nobody answers. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Starts it again on the same files and ports, and waits until it answers. */
    void startAgain() throws IOException, InterruptedException {
        process = launch(folder, config);
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        awaitAlive(end, () -> listens(port)); // before the client, which would complain of each try
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", bootstrap());
        try (Admin admin = Admin.create(client)) {
            awaitAlive(end, () -> answers(admin));
        }
    }

    private interface Look {
        boolean found() throws InterruptedException;
    }

    private void awaitAlive(long end, Look look) throws IOException, InterruptedException {
        while (!look.found()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                process.destroyForcibly().waitFor();
                throw new IOException("the broker does not come up:\n" + log(folder));
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean answers(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster(new DescribeClusterOptions().timeoutMs(LOOK_MILLIS))
                    .nodes()
                    .get()
                    .isEmpty();
        } catch (ExecutionException | KafkaException notYet) {
            return false;
        }
    }

    /** An interrupt that came before does not shorten the time it gets. */
    @Override
    public void close() {
        Interrupts.holdBack(this::end);
    }

    private void end() {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException now) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process launch(Path folder, Path config) throws IOException {
        return java(folder, List.of("kafka.Kafka", config.toString()));
    }

    private static Process java(Path folder, List<String> mainAndArguments) throws IOException {
        List<String> flags =
                List.of("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
        return new ProcessBuilder(JavaCommand.of(BrokerProcess.class, flags, mainAndArguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("kafka.log").toFile()))
                .start();
    }

    private static String log(Path folder) throws IOException {
        Path log = folder.resolve("kafka.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
