package io.turboqueue.examples.torture;

import io.turboqueue.disk.Disk;
import io.turboqueue.examples.torture.Operation.Kind;
import java.io.IOException;

/** Says that it synced. */
final class UnsyncedDisk extends SteppedDisk {

    UnsyncedDisk(Disk disk) {
        super(disk);
    }

    @Override
    protected void step(Operation operation, Work work) throws IOException {
        if (operation.kind() != Kind.SYNC && operation.kind() != Kind.SYNC_FOLDER) {
            work.run();
        }
    }
}
