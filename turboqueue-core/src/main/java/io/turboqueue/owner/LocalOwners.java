package io.turboqueue.owner;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The owner directories that this JVM has open or is recovering, by name. Opening and closing a lock file that this JVM has locked
 * would drop the lock.
 *
 * <p>Known twice: in a static, and as system properties, because two class loaders have two statics but share the kernel's
 * locks, and properties may be reset by others.
 */
final class LocalOwners {

    private static final String PREFIX = "io.turboqueue.owner:";
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();
    private static final Set<String> ABANDONED = ConcurrentHashMap.newKeySet();

    private LocalOwners() {}

    /** Takes a directory for this caller; false if somebody in this JVM has it. */
    static boolean take(String directory) {
        if (!TAKEN.add(directory)) {
            return false;
        }
        if (System.getProperties().putIfAbsent(PREFIX + directory, "") == null) {
            return true;
        }
        TAKEN.remove(directory);
        return false;
    }

    /** Remembers that nobody in this JVM works in a directory any more, should it be impossible to say so on disk. */
    static void abandon(String directory) {
        ABANDONED.add(directory);
        release(directory);
    }

    /** Whether this JVM had it and gave it up. */
    static boolean isAbandoned(String directory) {
        return ABANDONED.contains(directory);
    }

    /** An abandoned directory is gone. */
    static void forget(String directory) {
        ABANDONED.remove(directory);
    }

    static void release(String directory) {
        System.getProperties().remove(PREFIX + directory);
        TAKEN.remove(directory);
    }
}
