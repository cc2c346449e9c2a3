package io.turboqueue.batch;

import io.turboqueue.disk.Disk;
import io.turboqueue.disk.LocalDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A process that writes a batch with the engine of this class name, and prints the file's permissions. */
public final class ModeOfBatchFile {

    private ModeOfBatchFile() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        Class<? extends BatchEngine> type = Class.forName(arguments[0]).asSubclass(BatchEngine.class);
        try (BatchEngine engine = type.getConstructor(Disk.class).newInstance(new LocalDisk());
                BatchWriter writer = engine.writer(file)) {
            writer.add(new StoredMessage(0, null, null, new byte[10], false));
            writer.seal(false);
            System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }
}
