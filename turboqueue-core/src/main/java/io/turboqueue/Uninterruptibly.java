package io.turboqueue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Work with files that an interrupt must not end. It would close the file that the thread has open, so it is put off, kept for
 * the caller, and the work done again.
 */
final class Uninterruptibly {

    private Uninterruptibly() {}

    /** Something that reads or writes files, and may be done again from its start. */
    interface Work<R> {
        R run() throws IOException;
    }

    /** Does it. */
    static <R> R call(Work<R> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException | InterruptedIOException putOff) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
