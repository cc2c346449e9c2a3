package io.turboqueue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What lies in a spool, read without any of the code under test. */
final class SpoolFiles {

    private static final Pattern BATCH =
            Pattern.compile("(?:claimed~[0-9a-f]+~[^~]+~)?[0-9]-[0-9T]+Z-([^.]+)\\.n([0-9]+)\\.b[0-9]+\\.c[0-9a-f]{8}"
                    + "\\.a([0-9]+)(?:\\.f[0-9]+)?(?:\\.k[0-9])?(?:\\.[ox]([0-9]+))?(?:~[a-z0-9-]+)?\\.db");

    private SpoolFiles() {}

    /**
     * A batch that is to be delivered.
     *
     * @param attempt how many deliveries the next one comes after
     * @param messages how many are to be delivered
     */
    record Due(String id, int attempt, int messages) {}

    /**
     * All regular files but the emptied ones, and all owner directories, relative to the spool. An orderly spool that was consumed has
     * none.
     */
    static List<String> leftovers(Path spool) throws IOException {
        try (Stream<Path> tree = Files.walk(spool)) {
            return tree.filter(path -> isFileOfUse(path) || isOwner(spool, path))
                    .map(path -> spool.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private static boolean isFileOfUse(Path path) {
        return Files.isRegularFile(path)
                && !path.toString().contains("/free/")
                && !path.endsWith("owners/format-2")
                && !path.getFileName().toString().startsWith(".reserve-");
    }

    private static boolean isOwner(Path spool, Path path) {
        return spool.resolve("owners").equals(path.getParent()) && Files.isDirectory(path);
    }

    /** What must be delivered once the directories of dead owners are cleared and the dead letters redriven. */
    static List<Due> due(Path spool) throws IOException {
        List<Due> due = new ArrayList<>();
        if (!Files.exists(spool)) {
            return due;
        }
        try (Stream<Path> tree = Files.walk(spool)) {
            for (Path file : tree.filter(SpoolFiles::isFileOfUse).toList()) {
                Matcher batch = BATCH.matcher(file.getFileName().toString());
                if (batch.matches()) {
                    String offset = batch.group(4);
                    int messages = Integer.parseInt(batch.group(2)) - (offset == null ? 0 : Integer.parseInt(offset));
                    if (messages > 0) {
                        due.add(new Due(batch.group(1), attempt(file, Integer.parseInt(batch.group(3))), messages));
                    }
                } else if (!isOfNoBatch(file.getFileName().toString())) {
                    throw new AssertionError("what is " + spool.relativize(file) + " doing here?");
                }
            }
        }
        return due;
    }

    private static boolean isOfNoBatch(String name) {
        return name.matches("owner-[0-9]+\\.lock") || name.startsWith("loading~");
    }

    private static int attempt(Path file, int attempt) {
        String folder = file.getName(file.getNameCount() - 2).toString();
        return switch (folder) {
            case "ready", "delayed", "dead" -> attempt;
            default -> attempt + 1;
        };
    }
}
