package io.turboqueue.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The processes that a worker started, and those that these started. While the worker lives they are its descendants. Once it
 * is dead the kernel makes them children of another process, so each worker's environment has a variable of its own, which
 * its offspring inherit; on Linux {@code /proc/PID/environ} shows it.
 */
final class Offspring {

    private static final Path PROC = Path.of("/proc");
    private static final int MAX_LOOKS = 10;

    private final String variable =
            "PROCESS_GROUP_" + UUID.randomUUID().toString().replace('-', '_');

    /** Marks the environment of a worker that is to be started. */
    void mark(Map<String, String> environment) {
        environment.put(variable, "1");
    }

    /** Kills a worker that lives, with all it started. */
    void killWith(Process worker) {
        worker.descendants().forEach(ProcessHandle::destroyForcibly);
        worker.destroyForcibly();
        kill();
    }

    /** Kills what a dead worker left behind. Where there is no {@code /proc}, that is not found. */
    void kill() {
        boolean found = true;
        for (int looks = 0; found && looks < MAX_LOOKS; looks++) { // one may start another while the others are found
            found = killThoseThatAreThere();
        }
    }

    private boolean killThoseThatAreThere() {
        boolean found = false;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path process : processes) {
                if (isMarked(process)) {
                    found = true;
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        } catch (IOException | DirectoryIteratorException noProc) {
            // another system than Linux
        }
        return found;
    }

    private boolean isMarked(Path process) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return Stream.of(environment.split("\0", -1)).anyMatch(entry -> entry.equals(variable + "=1"));
        } catch (IOException goneOrAnotherUsers) {
            return false;
        }
    }
}
