package io.turboqueue.scan;

import io.turboqueue.layout.OwnerName;
import io.turboqueue.layout.QueueName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is in a process's owner directory.
 *
 * @param name the directory
 * @param owner whether that process lives
 * @param claims batches it is processing, or was when it died
 * @param loading the queues of the batches that it is filling
 * @param since when the oldest claim was made; empty without claims
 */
public record OwnerStats(
        OwnerName name, Owner owner, List<BatchEntry> claims, List<QueueName> loading, Optional<Instant> since) {

    /** What is known of the process. */
    public enum Owner {
        ALIVE("alive"),
        DEAD("dead"),
        /** Its lock is free, and from here it cannot be seen whether it lives: known after a second look, 5 seconds later. */
        IN_QUESTION("in question"),
        /** Its lock is free although the process is there: taken for dead if that lasts for 10 minutes. */
        SILENT("silent"),
        /** Its lock file cannot be looked at: another user's, say. */
        UNKNOWN("unknown");

        private final String word;

        Owner(String word) {
            this.word = word;
        }

        /** For people. */
        public String word() {
            return word;
        }
    }

    /** Whether the process is known to be dead. */
    public boolean dead() {
        return owner == Owner.DEAD;
    }

    /** The process that opened it, by the number it had in its own namespace. */
    public long pid() {
        return name.process().pid();
    }
}
