package io.turboqueue.simulator;

import java.nio.file.Path;
import java.util.Locale;

/** What a path on the simulated disk is. */
enum Place {
    READY,
    DELAYED,
    HELD,
    DEAD,
    FREE,
    CLAIMED,
    LOADING,
    OTHER;

    static Place of(Path path) {
        Path folder = path.getParent();
        if (folder == null) {
            return OTHER;
        }
        return switch (MemoryDisk.name(folder)) {
            case "ready" -> READY;
            case "delayed" -> DELAYED;
            case "held" -> HELD;
            case "dead" -> DEAD;
            case "free" -> FREE;
            default -> atOwner(MemoryDisk.name(path));
        };
    }

    private static Place atOwner(String name) {
        return name.startsWith("claimed~") ? CLAIMED : name.startsWith("loading~") ? LOADING : OTHER;
    }

    /** Whether what lies there is a published batch. */
    boolean isPublished() {
        return switch (this) {
            case READY, DELAYED, HELD, DEAD, CLAIMED -> true;
            case FREE, LOADING, OTHER -> false;
        };
    }

    /** The batch's id in a name that has one. */
    static String id(Path path) {
        String name = MemoryDisk.name(path);
        int start = name.lastIndexOf('-', Math.max(name.indexOf(".n"), 0)) + 1;
        int end = name.indexOf('.', start);
        return end < 0 ? name : name.substring(start, end);
    }

    /** The deliveries so far that a name records. */
    static int attempt(Path path) {
        String name = MemoryDisk.name(path);
        int at = name.lastIndexOf(".a");
        int attempt = 0;
        for (int i = at + 2; at >= 0 && i < name.length() && Character.isDigit(name.charAt(i)); i++) {
            attempt = 10 * attempt + name.charAt(i) - '0';
        }
        return attempt;
    }

    /** For people. */
    static String words(Path path) {
        Path folder = path.getParent();
        Place place = of(path);
        return switch (place) {
            case READY, DELAYED, HELD, DEAD ->
                id(path) + " (attempt " + attempt(path) + ") in "
                        + folder.getParent().getFileName() + "/" + place.name().toLowerCase(Locale.ROOT);
            case FREE -> "the emptied file " + path.getFileName();
            case CLAIMED -> id(path) + " (attempt " + attempt(path) + ") claimed in owner directory " + owner(folder);
            case LOADING -> path.getFileName() + " in owner directory " + owner(folder);
            case OTHER -> path.toString();
        };
    }

    private static String owner(Path folder) {
        String name = MemoryDisk.name(folder);
        return name.substring(Math.max(0, name.length() - 4));
    }
}
