package io.turboqueue.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lets one JVM play several processes in turn: which desks count as its own changes with the process it plays. */
public final class JvmDesks {

    private JvmDesks() {}

    /** Forgets those among these desks that are this JVM's own, and says which they were. */
    public static List<String> putAside(Collection<String> desks) {
        List<String> own = new ArrayList<>();
        for (String desk : desks) {
            if (!OwnDirectories.take(desk)) {
                own.add(desk);
            }
            OwnDirectories.release(desk);
        }
        return own;
    }

    /** Forgets that these desks were abandoned: the process that knew it is dead. */
    public static void forget(Collection<String> desks) {
        desks.forEach(OwnDirectories::forget);
    }

    /** Takes desks for this JVM's own again. */
    public static void takeBack(Collection<String> desks) {
        desks.forEach(OwnDirectories::take);
    }
}
