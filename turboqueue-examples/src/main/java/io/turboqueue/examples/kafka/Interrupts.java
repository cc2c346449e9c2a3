package io.turboqueue.examples.kafka;

/** For closing in order though the thread was interrupted: the interrupt is what it closes for. */
final class Interrupts {

    private Interrupts() {}

    /** What is to be done. */
    interface Closing<X extends Exception> {
        void close() throws X;
    }

    /** Does it without an interrupt that came before, and gives the interrupt back afterwards. */
    static <X extends Exception> void holdBack(Closing<X> closing) throws X {
        boolean interrupted = Thread.interrupted();
        try {
            closing.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
