package io.turboqueue.layout;

/**
 * Which process something belongs to; no two processes have the same, as far as everything is known.
 *
 * @param pid its number, in its own namespace
 * @param start when it started, in clock ticks since the boot as {@code /proc/PID/stat} says; {@code x} if unknown
 * @param scope within what the number means something
 */
public record ProcessIdentity(long pid, String start, PidScope scope) {

    /** The same process as far as its number is known, and nothing else of it. */
    public static ProcessIdentity unknown(long pid) {
        return new ProcessIdentity(pid, PidScope.UNKNOWN_PART, PidScope.UNKNOWN);
    }

    /** Whether nothing of it is unknown. */
    public boolean isKnown() {
        return !start.equals(PidScope.UNKNOWN_PART) && scope.isKnown();
    }
}
