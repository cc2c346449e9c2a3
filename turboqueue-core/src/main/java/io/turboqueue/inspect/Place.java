package io.turboqueue.inspect;

import io.turboqueue.directory.State;
import java.util.Locale;
import java.util.Optional;

/** Where a published batch can be. */
public enum Place {
    /** Claimable now. */
    READY,
    /** Not due yet. */
    LATER,
    /** At a process's desk. */
    CLAIMED,
    /** Taken out of the flow by hand. */
    HELD,
    /** Given up. */
    DEAD;

    /** The word for it, such as {@code ready}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The queue's folder for it; claims are at desks instead. */
    @SuppressWarnings("exports") // for the floor above, not for applications
    public Optional<State> state() {
        return this == CLAIMED ? Optional.empty() : Optional.of(State.valueOf(name()));
    }
}
