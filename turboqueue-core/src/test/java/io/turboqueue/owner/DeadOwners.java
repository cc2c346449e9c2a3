package io.turboqueue.owner;

import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.SpoolFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Owner directories of processes that a test plays and lets die: the JVM lives on and must forget that they were its own. */
public final class DeadOwners {

    private DeadOwners() {}

    /** Forgets all owner directories of a spool. */
    public static void forget(Path spool) throws IOException {
        Path folder = spool.resolve(SpoolFolder.OWNERS);
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> owners = Files.newDirectoryStream(folder)) {
                owners.forEach(owner -> OwnerName.parse(owner.getFileName().toString())
                        .ifPresent(name -> LocalOwners.release(name.own())));
            }
        }
    }
}
