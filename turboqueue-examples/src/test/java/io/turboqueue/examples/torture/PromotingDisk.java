package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import io.turboqueue.layout.OwnerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Publishes what it is to delete. */
final class PromotingDisk extends SteppedDisk {

    PromotingDisk(Disk disk) {
        super(disk);
    }

    @Override
    protected void step(Operation operation, Work work) throws IOException {
        work.run();
    }

    @Override
    public boolean unlink(Path path) throws IOException {
        Optional<OwnerEntry.Loading> loading = OwnerEntry.parse(
                        path.getFileName().toString())
                .filter(OwnerEntry.Loading.class::isInstance)
                .map(OwnerEntry.Loading.class::cast);
        if (loading.isEmpty()) {
            return super.unlink(path);
        }
        Path spool = path.resolve("../../..").normalize();
        Path ready = spool.resolve(loading.get().queue().text()).resolve("ready");
        return rename(
                path, ready.resolve("0-20260101T000000000Z-" + loading.get().id() + ".db"));
    }
}
