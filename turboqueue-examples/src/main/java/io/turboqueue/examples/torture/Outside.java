package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder outside the spool, full of files that would be taken for the queue's if a link to it were followed. */
final class Outside {

    /** A file in it. */
    static final String BAIT = "bait.db";

    private static final String BATCH = "5-20261121T155801123Z-bait";

    private final Path folder;
    private final Map<String, String> before;

    private Outside(Path folder) throws IOException {
        this.folder = folder;
        this.before = look();
    }

    /** Makes one. */
    static Outside make(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> names = List.of(
                BAIT, BATCH + ".db", BATCH + "~bad.db", "loading~q~bait.db", "claimed~00000001~q~" + BATCH + ".db");
        for (String name : names) {
            Files.writeString(folder.resolve(name), "precious " + name);
        }
        for (String inside : List.of("ready", "delayed", "held", "dead", "free")) {
            for (String name : names) {
                Files.writeString(
                        Files.createDirectories(folder.resolve(inside)).resolve(name), "precious " + name);
            }
        }
        return new Outside(folder);
    }

    Path folder() {
        return folder;
    }

    /** What is there: kind, mode and content of each entry. How many names a file has may change. */
    private Map<String, String> look() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.toList()) {
                PosixFileAttributes status =
                        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                String content =
                        status.isRegularFile() ? new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1) : "";
                found.put(
                        folder.relativize(path).toString(),
                        status.isDirectory() + " " + status.permissions() + " " + content);
            }
        }
        return found;
    }

    /** What is not as it was, in words. */
    List<String> changes() throws IOException {
        Map<String, String> now = look();
        List<String> changes = new ArrayList<>();
        before.forEach((name, was) -> {
            String is = now.remove(name);
            if (!was.equals(is)) {
                changes.add("outside the spool " + name + (is == null ? " is gone" : " was changed"));
            }
        });
        now.keySet().forEach(name -> changes.add("outside the spool " + name + " was made"));
        return changes;
    }
}
