package io.turboqueue.cli.support;

/** How a verb ended. The codes are a promise to scripts. */
public enum Exit {
    /** Done. */
    OK(0),
    /** Something failed. */
    FAILED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** Nothing was found, or not in time. */
    NOTHING(3),
    /** A damaged batch was found. */
    DAMAGE(4);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    /** The process's exit code. */
    public int code() {
        return code;
    }
}
