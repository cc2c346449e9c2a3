package io.turboqueue.examples.torture;

import java.nio.file.Path;

/**
 * One operation on a disk.
 *
 * @param kind what it does
 * @param from what it is done to
 * @param to where a rename goes; elsewhere the same as {@code from}
 */
record Operation(Kind kind, Path from, Path to) {

    /** What operations there are. */
    enum Kind {
        CREATE_FOLDER,
        CREATE,
        OPEN,
        OPEN_TO_WRITE,
        RENAME,
        UNLINK,
        LIST,
        LOOK,
        SYNC_FOLDER,
        CREATE_LOCKED,
        TRY_LOCK,
        READ,
        WRITE,
        SIZE,
        SYNC
    }

    static Operation on(Kind kind, Path path) {
        return new Operation(kind, path, path);
    }

    /** The name of what it is done to. */
    String name() {
        return from.getFileName().toString();
    }

    /** The name of the folder of what it is done to. */
    String folder() {
        return folderName(from);
    }

    /** The name of the folder that it ends up in. */
    String targetFolder() {
        return folderName(to);
    }

    private static String folderName(Path path) {
        Path parent = path.getParent();
        return parent == null || parent.getFileName() == null
                ? ""
                : parent.getFileName().toString();
    }

    @Override
    public String toString() {
        return kind + " " + folder() + "/" + name();
    }
}
