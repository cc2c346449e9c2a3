package io.turboqueue.disk;

/** The process that a test plays is dead: whatever was under way never returns. */
public final class ProcessDiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProcessDiedException() {
        super("this process is dead");
    }
}
