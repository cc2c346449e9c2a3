package io.turboqueue;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an exception that can be neither logged nor stored, since it or one of its causes throws when it is asked what it
 * is.
 */
final class UnreadableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private UnreadableException(Throwable original, Class<?> thrown) {
        super(original.getClass().getName() + ", which threw " + thrown.getName() + " when it was asked for its text");
    }

    /** The exception itself, or what stands in for it. */
    static Throwable readable(Throwable error) {
        try {
            read(error, Collections.newSetFromMap(new IdentityHashMap<>()));
            return error;
        } catch (Throwable broken) {
            UnreadableException standIn = new UnreadableException(error, broken.getClass());
            standIn.setStackTrace(traceOf(error));
            return standIn;
        }
    }

    /** Asks for all that loggers ask for. Whether that throws is what matters. */
    @SuppressWarnings("ReturnValueIgnored")
    private static void read(@Nullable Throwable error, Set<Throwable> seen) {
        if (error == null || !seen.add(error)) {
            return;
        }
        error.getMessage();
        error.getLocalizedMessage();
        error.toString().length(); // null is not text either
        error.getStackTrace();
        read(error.getCause(), seen);
        for (Throwable suppressed : error.getSuppressed()) {
            read(suppressed, seen);
        }
    }

    private static StackTraceElement[] traceOf(Throwable error) {
        try {
            return error.getStackTrace();
        } catch (Throwable broken) {
            return new StackTraceElement[0];
        }
    }
}
