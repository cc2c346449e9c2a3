package io.turboqueue.examples.bench;

import io.turboqueue.examples.JavaCommand;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A contestant in a JVM of its own, so that none pays for another's garbage or confuses its compiled code. */
final class SubjectProcess implements AutoCloseable {

    /** The same for all: one core each, so a collector that takes no other. */
    static final List<String> JVM_FLAGS = List.of(
            "-Xms512m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:MaxDirectMemorySize=512m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private static final long GOODBYE_SECONDS = 20;

    private final Peer peer;
    private final Path log;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    private SubjectProcess(Peer peer, Path log, Process process) {
        this.peer = peer;
        this.log = log;
        this.process = process;
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it without waiting; its first {@link #answer} says that it is ready. */
    static SubjectProcess start(Peer peer, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path log = Files.createTempFile(folder.getParent(), "contestant", ".log");
        List<String> flags = new ArrayList<>(JVM_FLAGS);
        flags.addAll(peer.jvmFlags());
        if (Runtime.version().feature() >= 22) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        Process process = new ProcessBuilder(
                        JavaCommand.of(SubjectMain.class, flags, List.of(peer.name(), folder.toString())))
                .redirectError(log.toFile())
                .start();
        return new SubjectProcess(peer, log, process);
    }

    /** Sends a command and waits for the answer. */
    List<Long> ask(String command, Workload workload) throws IOException {
        send(command, workload);
        return answer();
    }

    /** Sends a command; several processes can be at work until their answers are taken. */
    void send(String command, Workload workload) throws IOException {
        commands.write(command + " " + workload.text() + "\n");
        commands.flush();
    }

    List<Long> answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(SubjectMain.ANSWER)) {
                return Stream.of(line.substring(SubjectMain.ANSWER.length())
                                .trim()
                                .split(" ", -1))
                        .filter(number -> !number.isEmpty())
                        .map(Long::valueOf)
                        .toList();
            }
        }
        throw new IOException(peer.title() + " failed:\n" + Files.readString(log));
    }

    @Override
    public void close() throws IOException {
        try {
            commands.close();
            if (!process.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            process.destroyForcibly(); // it died, which its answer told already
        }
    }
}
