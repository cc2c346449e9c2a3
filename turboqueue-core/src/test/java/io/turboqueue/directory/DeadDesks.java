package io.turboqueue.directory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Desks of processes that a test plays and lets die: the JVM lives on and must forget that they were its own. */
public final class DeadDesks {

    private DeadDesks() {}

    /** Forgets all desks of a spool. */
    public static void forget(Path spool) throws IOException {
        Path owners = spool.resolve(SpoolFolder.OWNERS);
        if (Files.isDirectory(owners)) {
            try (DirectoryStream<Path> desks = Files.newDirectoryStream(owners)) {
                desks.forEach(desk -> OwnerName.parse(desk.getFileName().toString())
                        .ifPresent(name -> OwnDirectories.release(name.own())));
            }
        }
    }
}
