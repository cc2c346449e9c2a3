package io.turboqueue.directory;

import java.nio.file.Path;

/**
 * The desks this JVM has open or is clearing. Kept as system properties because two class loaders have two statics but
 * share the kernel's locks: opening and closing a beacon that this JVM has locked would drop the lock.
 */
final class OwnDesks {

    private static final String PREFIX = "io.turboqueue.desk:";

    private OwnDesks() {}

    /** Takes a desk for this caller; false if somebody in this JVM has it. */
    static boolean take(Path desk) {
        return System.getProperties().putIfAbsent(PREFIX + desk, "") == null;
    }

    static void release(Path desk) {
        System.getProperties().remove(PREFIX + desk);
    }
}
