package io.turboqueue.layout;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.inspect.BatchState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * SQLite's files beside a database (<a href="https://www.sqlite.org/tempfiles.html">"Temporary Files Used By SQLite"</a>). One
 * that is not empty says that the writer has not closed the database: what is in the database alone may be half a
 * transaction. They belong to it by their names alone, so they are moved where it is moved, and must be looked for under the
 * name that the writer gave it. Nothing but files of other programs has them.
 */
public final class SideFiles {

    private static final String JOURNAL = "-journal";
    private static final List<String> OF_A_LOG = List.of("-wal", "-shm");
    private static final Pattern ENDING = Pattern.compile("-journal|-wal|-shm|-mj[0-9A-F]{9}");

    private SideFiles() {}

    /** Whether a file beside this database says that its writer has not closed it. */
    public static boolean areUnfinished(Disk disk, Path database) throws IOException {
        for (String ending : OF_A_LOG) {
            if (disk.exists(beside(database, ending))) {
                return true;
            }
        }
        Path journal = beside(database, JOURNAL);
        return disk.exists(journal) && isHot(disk, journal);
    }

    /**
     * The same for a batch that was claimed, wherever it lay before: a dead owner may have claimed it first, which counts as a
     * delivery in its name.
     */
    public static boolean areUnfinished(Disk disk, QueueFolder queue, BatchName batch) throws IOException {
        return !homes(disk, queue, batch).isEmpty();
    }

    /** Under which names it has unfinished files. */
    private static List<Path> homes(Disk disk, QueueFolder queue, BatchName batch) throws IOException {
        BatchName asWritten = new BatchName(batch.priority(), batch.dueMillis(), batch.id(), batch.contents());
        List<Path> homes = new ArrayList<>();
        for (BatchState state : List.of(BatchState.READY, BatchState.DELAYED)) {
            for (BatchName name : asWritten.equals(batch) ? List.of(batch) : List.of(batch, asWritten)) {
                if (areUnfinished(disk, queue.of(state, name))) {
                    homes.add(queue.of(state, name));
                }
            }
        }
        return homes;
    }

    /** Moves those of a batch that was claimed to where it went. */
    public static void follow(Disk disk, QueueFolder queue, BatchName batch, Path to) throws IOException {
        for (Path home : homes(disk, queue, batch)) {
            move(disk, home, to);
        }
    }

    /** A journal that was emptied, or whose first byte is zero, is one whose transaction was ended. */
    private static boolean isHot(Disk disk, Path journal) throws IOException {
        BasicFileAttributes found = disk.look(journal);
        if (found == null) {
            return false;
        }
        if (!found.isRegularFile()) {
            return true;
        }
        ByteBuffer first = ByteBuffer.allocate(1);
        try (DiskFile open = disk.open(journal)) {
            return open.read(first, 0) == 1 && first.get(0) != 0;
        }
    }

    private static Path beside(Path database, String ending) {
        return database.resolveSibling(database.getFileName() + ending);
    }

    /** Moves all that lie beside a database. */
    public static void move(Disk disk, Path from, Path to) throws IOException {
        for (String ending : endings(disk, from)) {
            disk.rename(beside(from, ending), beside(to, ending));
        }
    }

    /** Deletes all that lie beside a database. */
    public static void delete(Disk disk, Path database) throws IOException {
        for (String ending : endings(disk, database)) {
            disk.unlink(beside(database, ending));
        }
    }

    private static List<String> endings(Disk disk, Path database) throws IOException {
        Path folder = database.toAbsolutePath().getParent();
        List<String> endings = new ArrayList<>();
        if (folder == null || !hasAny(disk, database)) {
            return endings; // mostly so, and no folder is listed for it
        }
        String name = database.getFileName().toString();
        disk.list(folder, entry -> {
            if (entry.startsWith(name)
                    && ENDING.matcher(entry.substring(name.length())).matches()) {
                endings.add(entry.substring(name.length()));
            }
        });
        return endings;
    }

    private static boolean hasAny(Disk disk, Path database) {
        return disk.exists(beside(database, JOURNAL))
                || OF_A_LOG.stream().anyMatch(ending -> disk.exists(beside(database, ending)));
    }

    /** Whether a name in a folder is that of a file beside a database. */
    public static boolean isName(String name) {
        int end = name.lastIndexOf(BatchName.SUFFIX + "-");
        return end >= 0
                && ENDING.matcher(name.substring(end + BatchName.SUFFIX.length()))
                        .matches();
    }
}
