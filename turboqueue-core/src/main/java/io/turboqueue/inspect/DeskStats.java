package io.turboqueue.inspect;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is at a process's desk.
 *
 * @param name the desk's folder
 * @param alive whether that process lives
 * @param claims batches it is processing, or was when it died
 * @param loading batches it is filling
 * @param since when the oldest claim was made; empty without claims
 */
public record DeskStats(String name, boolean alive, List<BatchEntry> claims, int loading, Optional<Instant> since) {

    /** The process that opened it, by the number it had in its own name space. */
    public long pid() {
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }
}
