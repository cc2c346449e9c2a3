package io.turboqueue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A spool as somebody sees it who knows only the format on disk. */
record SpoolOnDisk(Path folder) {

    Path queue(String name) {
        return folder.resolve(name);
    }

    Path ready(String queue) {
        return queue(queue).resolve("ready");
    }

    Path later(String queue) {
        return queue(queue).resolve("delayed");
    }

    Path dead(String queue) {
        return queue(queue).resolve("dead");
    }

    List<String> owners() throws IOException {
        return names(folder.resolve("owners")).stream()
                .filter(name -> !name.startsWith("format-"))
                .toList();
    }

    /** Everything in all owner directories but the lock files. */
    List<Path> onOwners() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("owners"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .filter(file -> !file.endsWith("owners/format-2"))
                    .sorted()
                    .toList();
        }
    }

    Path onlyClaim() throws IOException {
        List<Path> claims = onOwners();
        if (claims.size() != 1 || !claims.get(0).getFileName().toString().startsWith("claimed~")) {
            throw new AssertionError("one claim expected: " + claims);
        }
        return claims.get(0);
    }

    /** Names in a folder, sorted; none if there is no such folder. */
    static List<String> names(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static Path only(Path folder) throws IOException {
        List<String> names = names(folder);
        if (names.size() != 1) {
            throw new AssertionError("one file expected in " + folder + ": " + names);
        }
        return folder.resolve(names.get(0));
    }

    static void deleteTree(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted((a, b) -> b.compareTo(a)).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
