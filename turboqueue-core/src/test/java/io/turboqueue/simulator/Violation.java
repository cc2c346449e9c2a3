package io.turboqueue.simulator;

/** Something happened that the protocol promises never happens. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }
}
