package io.turboqueue.text;

/**
 * Text that UTF-8 can hold. A Java string may hold half of a surrogate pair, which no encoding to UTF-8 keeps: Java writes
 * a question mark for it. Pure functions.
 */
public final class WellFormedText {

    private static final char REPLACEMENT = '\ufffd';

    private WellFormedText() {}

    /**
     * The text itself.
     *
     * @param what names the text in the error, such as {@code key}
     * @throws IllegalArgumentException if it holds an unpaired surrogate
     */
    public static String require(String what, String text) {
        int at = unpaired(text, 0);
        if (at >= 0) {
            throw new IllegalArgumentException(String.format(
                    "%s is not allowed: it holds an unpaired surrogate, U+%04X, at index %d, which UTF-8 cannot hold",
                    what, (int) text.charAt(at), at));
        }
        return text;
    }

    /** The text with U+FFFD for each unpaired surrogate, for text that must be kept as well as can be. */
    public static String repaired(String text) {
        int at = unpaired(text, 0);
        if (at < 0) {
            return text;
        }
        StringBuilder repaired = new StringBuilder(text);
        while (at >= 0) {
            repaired.setCharAt(at, REPLACEMENT);
            at = unpaired(text, at + 1);
        }
        return repaired.toString();
    }

    /** The index of the first unpaired surrogate from there on, -1 if there is none. */
    private static int unpaired(String text, int from) {
        int length = text.length();
        for (int i = from; i < length; i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair = i + 1 < length && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
