package io.turboqueue.layout;

import java.util.Locale;

/** Where in a queue's folder a batch is. */
public enum State {
    /** Claimable now. */
    READY,
    /** Not due yet: a delayed batch or a retry. */
    DELAYED,
    /** Taken out of the flow by hand until it is released. */
    HELD,
    /** Given up: at the attempt limit, rejected or damaged. */
    DEAD;

    /** The folder's name. */
    public String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
