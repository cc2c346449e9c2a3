package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.DiskFile;
import io.turboqueue.disk.FileStatus;
import io.turboqueue.layout.OwnerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps a claimed batch under a name that does not tell who claimed it; in the owner directory there is only an empty file. */
final class SharedClaimDisk extends SteppedDisk {

    SharedClaimDisk(Disk disk) {
        super(disk);
    }

    @Override
    protected void step(Operation operation, Work work) throws IOException {
        work.run();
    }

    private static Optional<Path> shared(Path path) {
        return OwnerEntry.parse(path.getFileName().toString())
                .filter(OwnerEntry.Claimed.class::isInstance)
                .map(OwnerEntry.Claimed.class::cast)
                .map(claim -> path.resolve("../../../_shared")
                        .normalize()
                        .resolve(claim.queue() + "~" + claim.batch().id()));
    }

    private static Path place(Path path) {
        return shared(path).orElse(path);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        Optional<Path> claimed = shared(to);
        if (claimed.isPresent()) {
            Files.createDirectories(claimed.get().getParent());
        }
        boolean done = super.rename(place(from), place(to));
        if (done && claimed.isPresent()) {
            Files.createFile(to);
        }
        if (done && shared(from).isPresent()) {
            super.unlink(from);
        }
        return done;
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        if (shared(path).isPresent()) {
            super.unlink(path);
        }
        return super.unlink(place(path));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return super.open(place(file));
    }

    @Override
    public @Nullable BasicFileAttributes look(Path path) throws IOException {
        return super.look(place(path));
    }

    @Override
    public @Nullable FileStatus status(Path path) throws IOException {
        return super.status(place(path));
    }

    @Override
    public void makePrivate(Path file) throws IOException {
        super.makePrivate(place(file));
    }
}
