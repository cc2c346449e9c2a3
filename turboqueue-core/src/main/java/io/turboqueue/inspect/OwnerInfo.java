package io.turboqueue.inspect;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process's owner directory, and what is in it. Immutable.
 *
 * @param directory the directory's name below {@code owners/}
 * @param label a short form of it, for people
 * @param pid the process that opened it, by the number it had in its own namespace
 * @param status what is known of the process
 * @param holdings what it holds
 */
public record OwnerInfo(String directory, String label, long pid, Status status, Holdings holdings) {

    /** What is known of a process. */
    public enum Status {
        /** It lives. */
        ALIVE("alive"),
        /** It is dead; any process at work in the spool recovers what it held. */
        DEAD("dead"),
        /** Its lock is free, and it cannot be seen from here: known after a second look, 5 seconds later. */
        IN_QUESTION("in question"),
        /** Its lock is free although the process exists: counted as dead if that lasts for 10 minutes. */
        SILENT("silent"),
        /** Its lock file cannot be examined, for example because it belongs to another user. */
        UNKNOWN("unknown");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /**
         * The status as the command prints it.
         *
         * @return such as {@code in question}
         */
        public String word() {
            return word;
        }
    }

    /**
     * What an owner holds.
     *
     * @param claims the batches it is processing, or was when it died
     * @param filling the queue of each batch that it is filling
     * @param since when its oldest claim was made; empty without claims
     */
    public record Holdings(List<BatchInfo> claims, List<String> filling, Optional<Instant> since) {

        /**
         * Copies the lists.
         *
         * @param claims the batches it is processing
         * @param filling the queue of each batch that it is filling
         * @param since when its oldest claim was made
         */
        public Holdings {
            claims = List.copyOf(claims);
            filling = List.copyOf(filling);
        }
    }

    /**
     * The batches it is processing, or was when it died.
     *
     * @return an unmodifiable list
     */
    public List<BatchInfo> claims() {
        return holdings.claims();
    }

    /**
     * Whether the process is known to be dead.
     *
     * @return true if it is
     */
    public boolean isDead() {
        return status == Status.DEAD;
    }
}
