package io.turboqueue.batch.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * SQLite's temporary files. It unlinks them as soon as they are open (<a
 * href="https://www.sqlite.org/tempfiles.html">"Temporary Files Used By SQLite", section 4</a>), so they are only seen among
 * the open files of the process.
 */
final class TempFiles {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final String NAME = "/etilqs_";

    private TempFiles() {}

    /** Bytes of all of them; 0 where the system does not show open files. */
    static long bytes() {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                bytes += bytes(file);
            }
        } catch (IOException | DirectoryIteratorException untold) {
            return 0;
        }
        return bytes;
    }

    private static long bytes(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().contains(NAME) ? Files.size(file) : 0;
        } catch (IOException | UncheckedIOException closedMeanwhile) {
            return 0;
        }
    }
}
