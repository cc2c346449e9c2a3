package io.turboqueue.examples.torture;

import io.turboqueue.examples.JavaCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Where one run takes place.
 *
 * @param folder its own folder; ledgers, logs and what processes leave behind lie in it
 * @param spool the spool under torture, which may be on another file system
 */
record TestBed(Path folder, Path spool) {

    /** An test bed in a new folder, with the spool in it. */
    static TestBed in(Path folder) throws IOException {
        return with(folder, folder.resolve("spool"));
    }

    /** An test bed whose spool is elsewhere. */
    static TestBed with(Path folder, Path spool) throws IOException {
        TestBed testBed = new TestBed(folder, spool);
        for (Path own : List.of(testBed.ledgers(), testBed.logs(), testBed.temporary(), testBed.natives())) {
            Files.createDirectories(own);
        }
        return testBed;
    }

    /** History. */
    Path ledgers() {
        return folder.resolve("ledgers");
    }

    /** What processes print, and what the JVM writes when it crashes. */
    Path logs() {
        return folder.resolve("logs");
    }

    /** The temporary folder of all processes; at rest it is empty. */
    Path temporary() {
        return folder.resolve("temporary");
    }

    private Path natives() {
        return folder.resolve("native");
    }

    /** The command of a process: a small JVM that keeps what it leaves behind in the test bed. */
    List<String> command(Program program, List<String> arguments) throws IOException {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + logs().resolve("hs_err_%p.log"),
                "-Djava.io.tmpdir=" + temporary(),
                "-Dorg.sqlite.tmpdir=" + temporary(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        Path library = unpackedLibrary();
        // Unpacked once: each killed process would leave a copy of its own behind.
        flags.add("-Dorg.sqlite.lib.path=" + library.getParent());
        flags.add("-Dorg.sqlite.lib.name=" + library.getFileName());
        if (Runtime.version().feature() >= 22) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        List<String> words = new ArrayList<>(program.arguments());
        words.addAll(arguments);
        return JavaCommand.of(program.main(), flags, words);
    }

    private Path unpackedLibrary() throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        Path library = natives().resolve(name);
        if (!Files.exists(library)) {
            String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
            try (InputStream content = LibraryLoaderUtil.class.getResourceAsStream(resource)) {
                if (content == null) {
                    throw new IOException("sqlite-jdbc has no native library for this system: " + resource);
                }
                Files.copy(content, library);
            }
        }
        return library;
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException nothingThere) {
            // as it is to be
        }
    }
}
