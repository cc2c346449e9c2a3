package io.turboqueue.owner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lets one JVM play several processes in turn: which owner directories count as its own changes with the process it plays. */
public final class LocalOwnersOfTest {

    private LocalOwnersOfTest() {}

    /** Forgets those among these owner directories that are this JVM's own, and says which they were. */
    public static List<String> putAside(Collection<String> owners) {
        List<String> own = new ArrayList<>();
        for (String owner : owners) {
            if (!LocalOwners.take(owner)) {
                own.add(owner);
            }
            LocalOwners.release(owner);
        }
        return own;
    }

    /** Forgets that these owner directories were abandoned: the process that knew it is dead. */
    public static void forget(Collection<String> owners) {
        owners.forEach(LocalOwners::forget);
    }

    /** Takes owner directories for this JVM's own again. */
    public static void takeBack(Collection<String> owners) {
        owners.forEach(LocalOwners::take);
    }
}
