package io.turboqueue.disk;

import java.io.Closeable;
import java.nio.file.Path;

/** A process that makes a file, holds its lock and says so; it ends with its standard input. */
public final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws Exception {
        try (Closeable lock = new LocalDisk().createLocked(Path.of(arguments[0]))) {
            System.out.println(lock == null ? "not locked" : "locked");
            while (System.in.read() >= 0) {
                // until the parent goes away
            }
        }
    }
}
