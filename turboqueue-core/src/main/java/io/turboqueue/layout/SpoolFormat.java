package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.FolderGoneException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code owners/format-N}: by which rules the processes of a spool see who lives. Releases with different rules would
 * take each other for dead, so they do not share a spool.
 */
final class SpoolFormat {

    private static final int NUMBER = 2;
    private static final Pattern MARK = Pattern.compile("format-([0-9]{1,9})");

    /** An owner directory of format 1, which had no mark: {@code PID-RANDOM}, with a lock file of this name in it. */
    private static final Pattern FIRST_OWNER = Pattern.compile("(?:\\.new-)?[0-9]{1,10}-[0-9a-z]{16}");

    private static final String FIRST_LOCK = "beacon";

    private SpoolFormat() {}

    /** The mark of this release. */
    static Path mark(SpoolFolder spool) {
        return spool.owners().resolve("format-" + NUMBER);
    }

    /** Marks a spool for this release, unless it is another's. */
    static void claim(Disk disk, SpoolFolder spool) throws IOException {
        if (require(disk, spool)) {
            return;
        }
        try {
            disk.create(mark(spool)).close();
        } catch (FileAlreadyExistsException byAnother) {
            // of the same release, just now
        }
    }

    /**
     * Refuses a spool of another format.
     *
     * @return whether it is marked with this one
     */
    static boolean require(Disk disk, SpoolFolder spool) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            disk.list(spool.owners(), names::add);
        } catch (FolderGoneException notMadeYet) {
            return false;
        }
        for (String name : names) {
            requireOurs(disk, spool, name);
        }
        return names.contains(mark(spool).getFileName().toString());
    }

    private static void requireOurs(Disk disk, SpoolFolder spool, String name) throws IOException {
        Matcher mark = MARK.matcher(name);
        if (mark.matches() && Integer.parseInt(mark.group(1)) != NUMBER) {
            throw new IOException("spool " + spool.path() + " has format " + mark.group(1)
                    + ", this release of TurboQueue has format " + NUMBER + "; use the release that made it");
        }
        if (FIRST_OWNER.matcher(name).matches()
                && disk.exists(spool.owners().resolve(name).resolve(FIRST_LOCK))) {
            throw new IOException(
                    "spool " + spool.path() + " is in use by an older release of TurboQueue: " + SpoolFolder.OWNERS
                            + "/" + name + "; stop its processes and run 'turboqueue recover' of that release first");
        }
    }
}
