package io.turboqueue.inspect;

import io.turboqueue.directory.QueueName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is at a process's desk.
 *
 * @param name the desk's folder
 * @param owner whether that process lives
 * @param claims batches it is processing, or was when it died
 * @param loading the queues of the batches that it is filling
 * @param since when the oldest claim was made; empty without claims
 */
@SuppressWarnings("exports") // for the floor above, not for applications
public record DeskStats(
        String name, Owner owner, List<BatchEntry> claims, List<QueueName> loading, Optional<Instant> since) {

    /** What is known of the process. */
    public enum Owner {
        ALIVE,
        DEAD,
        /** Its beacon cannot be looked at: another user's, say. */
        UNKNOWN
    }

    /** Whether the process is known to be dead. */
    public boolean dead() {
        return owner == Owner.DEAD;
    }

    /** The process that opened it, by the number it had in its own name space. */
    public long pid() {
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }
}
