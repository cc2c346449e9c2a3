package io.turboqueue.layout;

import io.turboqueue.text.Printable;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A queue's name, which is also its folder's: parts of {@code [a-z0-9][a-z0-9_-]*} joined by dots, 100 characters at
 * most. Nothing that matches can leave the spool or be mistaken for a file of its own.
 *
 * @param text the name
 */
public record QueueName(String text) {

    /** The grammar, for use in larger ones. */
    static final String REGEX = "[a-z0-9][a-z0-9_-]*(?:\\.[a-z0-9][a-z0-9_-]*)*";

    private static final int MAX = 100;
    private static final Pattern PATTERN = Pattern.compile(REGEX);
    private static final Set<String> TAKEN = Set.of(SpoolFolder.OWNERS, SpoolFolder.CONFIG);

    /** Checks the name. */
    public QueueName {
        if (!isValid(text)) {
            throw new IllegalArgumentException(
                    "queue name \"" + Printable.of(text) + "\" is not allowed: use a-z, 0-9, _ and -"
                            + " in parts joined by dots, each starting with a letter or digit, at most " + MAX
                            + " characters, and not " + SpoolFolder.OWNERS + " or " + SpoolFolder.CONFIG);
        }
    }

    /** Whether the text is a queue's name. */
    public static boolean isValid(String text) {
        return text.length() <= MAX
                && !TAKEN.contains(text)
                && PATTERN.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
