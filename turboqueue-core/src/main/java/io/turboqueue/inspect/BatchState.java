package io.turboqueue.inspect;

import java.util.Locale;

/** Where a published batch can be. */
public enum BatchState {
    /** Claimable now. */
    READY,
    /** Not yet due: it was sent with a delay or waits for a retry. */
    DELAYED,
    /** In the owner directory of a process. */
    CLAIMED,
    /** Set aside by an operator until it is released. */
    HELD,
    /** A dead letter: not delivered again unless it is redriven. */
    DEAD;

    /**
     * The name in lower case, as on the command line.
     *
     * @return the word, such as {@code ready}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
