package io.turboqueue.layout;

import io.turboqueue.text.Printable;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries of a folder that cannot be handled: each is reported once and left alone, so that it stops nothing else. A thousand
 * are remembered; more are neither remembered nor reported. Thread-safe.
 */
public final class OddNames {

    private static final Logger LOG = LoggerFactory.getLogger(OddNames.class);
    private static final int MAX = 1000;

    private final Path folder;
    private final Set<String> names = new HashSet<>();

    /** None yet. */
    public OddNames(Path folder) {
        this.folder = folder;
    }

    /**
     * Reports an entry, unless it was reported before.
     *
     * @param why what is wrong with it, to follow the entry's name and a comma
     */
    public void report(String name, String why) {
        if (isNew(name)) {
            LOG.warn("{} holds \"{}\", {}", folder, Printable.of(name), Printable.of(why));
        }
    }

    private synchronized boolean isNew(String name) {
        return names.size() < MAX && names.add(name);
    }

    /** Whether the entry was reported. */
    public synchronized boolean contains(String name) {
        return names.contains(name);
    }

    /** Forgets the entries that are no longer there. */
    public synchronized void retain(Set<String> there) {
        names.retainAll(there);
    }
}
