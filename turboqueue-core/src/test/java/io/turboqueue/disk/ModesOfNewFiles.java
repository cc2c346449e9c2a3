package io.turboqueue.disk;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A process that makes a folder, a file and a locked file, and prints their permissions. */
public final class ModesOfNewFiles {

    private ModesOfNewFiles() {}

    public static void main(String[] arguments) throws Exception {
        Path here = Path.of(arguments[0]);
        Disk disk = new LocalDisk();
        disk.createFolder(here.resolve("folder"));
        disk.create(here.resolve("file")).close();
        try (Closeable lock = disk.createLocked(here.resolve("locked"))) {
            System.out.println(lock == null ? "not locked" : "locked");
        }
        for (String name : new String[] {"folder", "file", "locked"}) {
            System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(here.resolve(name))));
        }
    }
}
