package io.turboqueue.text;

import org.jspecify.annotations.Nullable;

/** Text from outside on its way into a message or a log. Pure functions. */
public final class Printable {

    private static final int MAX = 200;

    private Printable() {}

    /** The text without characters that could damage a terminal or forge a line, and cut if it is endless. */
    public static String of(@Nullable String text) {
        String clean = String.valueOf(text).replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        return clean.length() <= MAX ? clean : clean.substring(0, MAX) + "... (" + clean.length() + " characters)";
    }
}
