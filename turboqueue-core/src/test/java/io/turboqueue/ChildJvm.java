package io.turboqueue;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM that a test starts, talks with line by line, and kills. */
final class ChildJvm implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String END = "the child has ended";

    private final Process process;
    private final Path errors;
    private final BufferedWriter input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildJvm(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** Starts one; a folder of its own in {@code temp} takes its standard error and what a killed JVM leaves behind. */
    static ChildJvm start(Path temp, Class<?> main, String... arguments) throws IOException {
        return startWithin(List.of(), temp, main, arguments);
    }

    /**
     * The same, run by another program: its command line goes before that of the JVM. The process that is killed and stopped is
     * the program's, unless it replaces itself by the JVM.
     */
    static ChildJvm startWithin(List<String> program, Path temp, Class<?> main, String... arguments)
            throws IOException {
        Path own = Files.createTempDirectory(temp, "child-");
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + own,
                "-Dorg.sqlite.tmpdir=" + own,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Path errors = own.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(own.toFile()).redirectError(errors.toFile());
        // without /proc the JVM does not find its libraries by itself
        builder.environment()
                .put(
                        "LD_LIBRARY_PATH",
                        Path.of(System.getProperty("java.home"), "lib").toString());
        Process process = builder.start();
        ChildJvm child = new ChildJvm(process, errors);
        Thread reader = new Thread(child::read, "reader of child " + process.pid());
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException killed) {
            lines.add(END);
        }
        lines.add(END);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Fails with what it said last if it has ended by itself. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError(
                    "child " + pid() + " ended with " + process.exitValue() + " and said: " + errorText());
        }
    }

    /** {@code kill -TERM}; returns when it has ended. What it says meanwhile can still be read, unlike after destroy(). */
    void terminate() throws IOException, InterruptedException {
        signal("TERM");
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("child " + pid() + " was told to end and did not");
        }
    }

    /** Sends a line. */
    void tell(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException ended) {
            throw new AssertionError("child " + pid() + " does not listen; on standard error: " + errorText(), ended);
        }
    }

    /** The child's next line. */
    String nextLine() throws InterruptedException {
        String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError("no line from child " + pid() + " but: " + (line == null ? "nothing" : line)
                    + ", and on standard error: " + errorText());
        }
        return line;
    }

    /** Sends a line and gives the child's next one. */
    String ask(String line) throws InterruptedException {
        tell(line);
        return nextLine();
    }

    /** What it said until it ended. */
    List<String> remainingLines() throws InterruptedException {
        List<String> remaining = new ArrayList<>();
        for (String line = lines.take(); !line.equals(END); line = lines.take()) {
            remaining.add(line);
        }
        return remaining;
    }

    /** Waits until it ends by itself; its exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("child " + pid() + " does not end; on standard error: " + errorText());
        }
        return process.exitValue();
    }

    String errorText() {
        try {
            return Files.readString(errors);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** {@code kill -9}; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** {@code kill -STOP}; returns when it stands still. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
        Path status = Path.of("/proc", Long.toString(pid()), "stat");
        if (Files.exists(status)) {
            await("child " + pid() + " is stopped")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> Files.readString(status).contains(") T "));
        }
    }

    /** {@code kill -CONT}. */
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " " + pid() + " failed");
        }
    }

    /** Ends it in order: it ends when its input does. */
    void end() throws IOException, InterruptedException {
        input.close();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("child " + pid() + " did not end well: " + errorText());
        }
    }

    /** Kills it if it is still there, stopped or not. */
    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
