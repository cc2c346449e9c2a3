package io.turboqueue.examples.torture;

import java.util.Locale;

/** What a process does in a run. */
enum Role {
    PRODUCER,
    CONSUMER,
    MAINTENANCE;

    /** For names. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
