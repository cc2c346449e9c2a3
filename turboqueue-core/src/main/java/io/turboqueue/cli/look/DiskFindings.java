package io.turboqueue.cli.look;

import io.turboqueue.cli.text.Units;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How the disk is that a spool is on: whether something can be published, and for how long yet. */
final class DiskFindings {

    private static final double WARNING_FREE = 0.05;
    private static final double CRITICAL_FREE = 0.01;

    private DiskFindings() {}

    /** What is wrong with the disk; nothing if all is well. */
    static List<Finding> of(Path spool) throws IOException {
        FileStore store = Files.getFileStore(spool);
        String about = spool.toString();
        double free = store.getTotalSpace() == 0 ? 1 : (double) store.getUsableSpace() / store.getTotalSpace();
        String text = Units.bytes(store.getUsableSpace()) + " left on the disk";
        if (store.isReadOnly()) {
            return List.of(Finding.critical(about, "the disk is mounted read-only"));
        }
        if (free < CRITICAL_FREE) {
            return List.of(Finding.critical(about, text));
        }
        return free < WARNING_FREE ? List.of(Finding.warning(about, text)) : List.of();
    }

    /** Why the queues cannot do all of their work, or soon will not be able to. */
    static Optional<String> degraded(Path spool) throws IOException {
        return of(spool).stream()
                .filter(finding -> finding.grade() == Finding.Grade.CRITICAL)
                .map(Finding::text)
                .findFirst();
    }
}
