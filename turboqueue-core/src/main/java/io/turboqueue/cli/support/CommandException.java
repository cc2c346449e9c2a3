package io.turboqueue.cli.support;

/** What was asked for cannot be done; the message says why and what would help, in one line. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Exit exit;

    /** With the code to end with. */
    public CommandException(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }

    /** The code to end with. */
    public Exit exit() {
        return exit;
    }
}
