package io.turboqueue.examples.torture;

import io.turboqueue.disk.LocalDisk;
import io.turboqueue.layout.OwnerEntry;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Takes claims for abandoned whose files were written long ago. */
final class StealingJob implements Job {

    private static final Duration OLD = Duration.ofMillis(100);

    private final Path spool;
    private final RecordingDisk disk;

    StealingJob(Assignment assignment, HistoryFile ledger) {
        this.spool = assignment.spool();
        this.disk = new RecordingDisk(new LocalDisk(), ledger);
    }

    @Override
    public void runOnce() throws IOException, InterruptedException {
        for (Path owner : list(spool.resolve(SpoolFolder.OWNERS))) {
            for (Path file : list(owner)) {
                Optional<OwnerEntry> entry = OwnerEntry.parse(file.getFileName().toString());
                if (entry.isPresent() && entry.get() instanceof OwnerEntry.Claimed claim) {
                    steal(file, claim);
                }
            }
        }
        TimeUnit.MILLISECONDS.sleep(5);
    }

    private void steal(Path file, OwnerEntry.Claimed claim) throws IOException {
        try {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            if (written.plus(OLD).isBefore(Instant.now())) {
                Path ready = spool.resolve(claim.queue().text()).resolve("ready");
                disk.rename(file, ready.resolve(claim.batch().failed().format()));
            }
        } catch (NoSuchFileException settledMeanwhile) {
            // by its owner
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return List.of();
        }
    }

    @Override
    public void close() {}
}
