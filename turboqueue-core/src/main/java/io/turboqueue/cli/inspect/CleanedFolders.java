package io.turboqueue.cli.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Folders in which old files are deleted by the system: a batch that nobody claims for days, and the files that say who lives,
 * would be gone. They are {@code /tmp}, {@code /var/tmp}, and what {@code tmpfiles.d(5)} names with an age.
 *
 * @param configurations the folders of its files
 */
record CleanedFolders(List<Path> configurations) {

    /** The machine's. */
    static final CleanedFolders SYSTEM = new CleanedFolders(
            List.of(Path.of("/etc/tmpfiles.d"), Path.of("/run/tmpfiles.d"), Path.of("/usr/lib/tmpfiles.d")));

    private static final List<Path> ALWAYS = List.of(Path.of("/tmp"), Path.of("/var/tmp"));
    private static final String CLEANED_TYPES = "dDevqQC";
    private static final int TYPE = 0;
    private static final int FOLDER = 1;
    private static final int AGE = 5;

    /** The cleaned folder that a spool is in; empty if there is none. */
    Optional<Path> around(Path spool) throws IOException {
        List<Path> cleaned = new ArrayList<>(ALWAYS);
        for (Path configuration : configurations) {
            addAll(cleaned, configuration);
        }
        return cleaned.stream().filter(spool::startsWith).findFirst();
    }

    private static void addAll(List<Path> cleaned, Path configuration) throws IOException {
        if (!Files.isDirectory(configuration)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(configuration, "*.conf")) {
            for (Path file : files) {
                for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                    add(cleaned, line.strip().split("\\s+", -1));
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    private static void add(List<Path> cleaned, String[] fields) {
        boolean ages = fields.length > AGE && !fields[AGE].equals("-") && !fields[TYPE].isEmpty();
        if (ages && CLEANED_TYPES.indexOf(fields[TYPE].charAt(0)) >= 0 && fields[FOLDER].startsWith("/")) {
            cleaned.add(Path.of(fields[FOLDER]));
        }
    }
}
