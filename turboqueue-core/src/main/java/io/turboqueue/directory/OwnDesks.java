package io.turboqueue.directory;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The desks this JVM has open or is clearing, by their random names. Opening and closing a beacon that this JVM has locked
 * would drop the lock.
 *
 * <p>Known twice: in a static, and as system properties, because two class loaders have two statics but share the kernel's
 * locks, and properties may be reset by others.
 */
final class OwnDesks {

    private static final String PREFIX = "io.turboqueue.desk:";
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private OwnDesks() {}

    /** Takes a desk for this caller; false if somebody in this JVM has it. */
    static boolean take(String desk) {
        if (!TAKEN.add(desk)) {
            return false;
        }
        if (System.getProperties().putIfAbsent(PREFIX + desk, "") == null) {
            return true;
        }
        TAKEN.remove(desk);
        return false;
    }

    static void release(String desk) {
        System.getProperties().remove(PREFIX + desk);
        TAKEN.remove(desk);
    }
}
