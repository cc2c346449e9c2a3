package io.turboqueue.inspect;

import io.turboqueue.directory.BatchName;
import java.time.Instant;
import java.util.Optional;

/**
 * What is in one state.
 *
 * @param batches how many batches
 * @param messages messages still to be delivered, as far as names tell: batches of other programs count none
 * @param bytes content bytes, as far as names tell
 * @param oldest the earliest due time; empty if there is no batch
 */
public record StateStats(long batches, long messages, long bytes, Optional<Instant> oldest) {

    /** Nothing. */
    static final StateStats NONE = new StateStats(0, 0, 0, Optional.empty());

    StateStats plus(BatchName name) {
        Instant due = name.due();
        Instant earliest = oldest.filter(other -> other.isBefore(due)).orElse(due);
        return new StateStats(batches + 1, messages + name.messages(), bytes + name.bytes(), Optional.of(earliest));
    }
}
