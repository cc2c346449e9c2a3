package io.turboqueue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs lines of bash in which {@code turboqueue} is the command, in a process of its own, with a spool of its own. */
final class Shell implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 90;
    private static final String LAUNCHER = """
            #!/bin/bash
            source "LOCALE"
            turboqueue_locale
            terminal=''
            [[ -t 0 ]] && terminal+='in '
            [[ -t 1 ]] && terminal+='out '
            [[ -t 2 ]] && terminal+='err '
            exec JAVA -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.sqlite.tmpdir=FOLDER "-Dcli.terminal=$terminal 50 100" \\
              -cp 'PATH' io.turboqueue.cli.Main "$@"
            """;

    private static final Path LOCALE =
            Path.of("..", "scripts", "lib", "locale.sh").toAbsolutePath().normalize();

    private final Path folder;
    private final Path spool;
    private final List<Process> started = new ArrayList<>();

    /** What came of it. */
    record Result(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    /** In a folder of a test. */
    Shell(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("shell"));
        this.spool = folder.resolve("spool");
        Path launcher = this.folder.resolve("turboqueue");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Files.writeString(
                launcher,
                LAUNCHER.replace("JAVA", java.toString())
                        .replace("LOCALE", LOCALE.toString())
                        .replace("FOLDER", this.folder.toString())
                        .replace("PATH", System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    Path spool() {
        return spool;
    }

    Path folder() {
        return folder;
    }

    /** Starts a script without waiting for it; its output goes to files in the folder. */
    Process start(String script, Path out, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().put("TURBOQUEUE_SPOOL", spool.toString());
        builder.environment().put("NO_COLOR", "1");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Sends a signal, unless whoever started the tests has it ignored: children inherit that, and so do nohup's. */
    static void signal(Process process, String name) throws IOException, InterruptedException {
        assumeTrue(isDelivered(name), "SIG" + name + " is ignored by whoever started the tests");
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** By proc(5): SigIgn is a mask in hexadecimal, signal 1 its lowest bit. */
    private static boolean isDelivered(String name) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return true;
        }
        int number =
                switch (name) {
                    case "HUP" -> 1;
                    case "INT" -> 2;
                    case "TERM" -> 15;
                    default -> throw new IllegalArgumentException(name);
                };
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .noneMatch(ignored -> ((ignored >> (number - 1)) & 1) == 1);
    }

    /** Ends what a test that failed has left running. */
    @Override
    public void close() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Runs a script to its end. */
    Result run(String script) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = start(script, out, err);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.isAlive()).as("still running: " + script).isFalse();
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
