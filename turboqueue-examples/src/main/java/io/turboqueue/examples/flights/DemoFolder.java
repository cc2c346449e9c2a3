package io.turboqueue.examples.flights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the files of a run are. The demo keeps its own beside the queues of the spool, in a folder whose name no queue
 * can have.
 */
record DemoFolder(Path spool) {

    private Path own() {
        return spool.resolve("_demo");
    }

    /** The database that consumers write their results to. */
    Path results() {
        return own().resolve("results.db");
    }

    /** How far that producer has come. */
    Path progress(int producer) {
        return own().resolve("producer-" + producer + ".progress");
    }

    /** Where SQLite's native library is unpacked: a killed JVM leaves it behind, and here it is found and deleted. */
    Path nativeLibraries() {
        return own().resolve("native");
    }

    void create() throws IOException {
        Files.createDirectories(nativeLibraries());
    }

    void deleteNativeLibraries() throws IOException {
        deleteContents(nativeLibraries());
        Files.deleteIfExists(nativeLibraries());
    }

    /** Deletes all that is in the spool, but not its folder. */
    void deleteContents() throws IOException {
        deleteContents(spool);
    }

    private static void deleteContents(Path folder) throws IOException {
        for (Path path : deepestFirst(folder)) {
            if (!path.equals(folder)) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static List<Path> deepestFirst(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException nothingThere) {
            return List.of();
        }
    }
}
