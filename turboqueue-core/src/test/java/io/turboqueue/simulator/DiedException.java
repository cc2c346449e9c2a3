package io.turboqueue.simulator;

/** The simulated process is dead: whatever it was doing never returns. */
final class DiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DiedException() {
        super("the process is dead", null, false, false);
    }
}
