package io.turboqueue.cli.inspect;

import io.turboqueue.cli.text.Units;
import io.turboqueue.disk.Disk;
import io.turboqueue.disk.Volume;
import io.turboqueue.layout.SpoolFolder;
import io.turboqueue.owner.DiskTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the disk is that a spool is on: whether something can be published, and for how long yet. */
final class DiskFindings {

    private static final double WARNING_FREE = 0.05;
    private static final double CRITICAL_FREE = 0.01;

    private DiskFindings() {}

    /** What is wrong with the disk; nothing if all is well, or if it cannot be told. */
    static List<Finding> of(Path spool) {
        Volume volume = new Volume(spool);
        String about = spool.toString();
        long usable = volume.usableBytes();
        double free = volume.totalBytes() == 0 ? 1 : (double) usable / volume.totalBytes();
        String text = Units.bytes(usable) + " left on the disk";
        if (isReadOnly(volume)) {
            return List.of(Finding.critical(about, "the disk is mounted read-only"));
        }
        if (free < CRITICAL_FREE) {
            return List.of(Finding.critical(about, text));
        }
        return free < WARNING_FREE ? List.of(Finding.warning(about, text)) : List.of();
    }

    /**
     * Tries it as well, unless the look has shown already that it would be in vain.
     *
     * @return what is wrong; nothing if all is well
     */
    static List<Finding> tried(Disk disk, SpoolFolder spool) throws IOException {
        List<Finding> looked = of(spool.path());
        if (Finding.worst(looked) == Finding.Grade.CRITICAL) {
            return looked;
        }
        List<Finding> findings = new ArrayList<>(looked);
        Finding trial = trial(disk, spool, spool.path().toString());
        if (trial.grade() != Finding.Grade.OK) {
            findings.add(trial);
        }
        return findings;
    }

    /** Only as the user whose processes work there: what another leaves if it is killed, they could not remove. */
    static Finding trial(Disk disk, SpoolFolder spool, String about) throws IOException {
        if (spool.isAnothers()) {
            return Finding.warning(about, "not tried whether a file can be written: the spool is another user's");
        }
        try {
            new DiskTrial(disk, spool).run();
        } catch (IOException failed) {
            return Finding.critical(about, String.valueOf(failed.getMessage()));
        }
        return Finding.ok(about, "a file was created, written, synced, renamed and deleted");
    }

    private static boolean isReadOnly(Volume volume) {
        try {
            return volume.isReadOnly();
        } catch (IOException untold) {
            return false; // it may well be writable
        }
    }

    /** Why the queues cannot do all of their work, or soon will not be able to. */
    static Optional<String> degraded(Path spool) {
        return of(spool).stream()
                .filter(finding -> finding.grade() == Finding.Grade.CRITICAL)
                .map(Finding::text)
                .findFirst();
    }
}
