package io.turboqueue.cli.support;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The encoding of arguments, environment variables and file names, which Java takes from the locale. */
public final class LocaleEncoding {

    private static final Charset CHARSET = named(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private LocaleEncoding() {}

    /** One that this JVM does not have is taken for ASCII, the part that all of them share. */
    static Charset named(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.US_ASCII;
        }
    }

    /** The encoding. */
    public static Charset charset() {
        return CHARSET;
    }

    /** Whether text can be handed to another process. */
    public static boolean canEncode(String text) {
        return CHARSET.equals(StandardCharsets.UTF_8) || CHARSET.newEncoder().canEncode(text);
    }

    /** Why text was lost, and what to set, for the end of a sentence. */
    public static String advice() {
        return CHARSET.equals(StandardCharsets.UTF_8)
                ? "it is not UTF-8"
                : "the locale's encoding, " + CHARSET.name()
                        + ", does not hold it; set LC_ALL to a UTF-8 locale such as" + " C.UTF-8";
    }
}
