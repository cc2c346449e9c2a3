package io.turboqueue.disk;

import java.io.Closeable;
import java.nio.file.Path;

/** A process that tries to lock a file, and says whether it could. */
public final class LockTaker {

    private LockTaker() {}

    public static void main(String[] arguments) throws Exception {
        try (Closeable lock = new LocalDisk().tryLock(Path.of(arguments[0]))) {
            System.out.println(lock == null ? "not locked" : "locked");
        }
    }
}
