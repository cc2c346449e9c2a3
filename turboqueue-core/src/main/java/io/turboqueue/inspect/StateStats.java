package io.turboqueue.inspect;

import java.time.Instant;
import java.util.Optional;

/**
 * The contents of one place. Immutable.
 *
 * @param batches the number of batches
 * @param messages the number of messages still to be delivered; batches of other programs count 0, because their names
 *     do not say how many they hold
 * @param bytes the bytes of content, as far as file names say
 * @param oldest the earliest due time; empty if there are no batches
 */
public record StateStats(long batches, long messages, long bytes, Optional<Instant> oldest) {

    /** Nothing. */
    static final StateStats NONE = new StateStats(0, 0, 0, Optional.empty());

    /**
     * For people to read:
     * {@code 2 batches with 20000 messages and 2236416 bytes, the oldest due 2026-11-21T15:58:01.123Z}.
     */
    @Override
    public String toString() {
        if (batches == 0) {
            return "0 batches";
        }
        String due = oldest.map(time -> ", the oldest due " + time).orElse("");
        return batches + (batches == 1 ? " batch" : " batches") + " with " + messages
                + (messages == 1 ? " message" : " messages") + " and " + bytes + " bytes" + due;
    }
}
