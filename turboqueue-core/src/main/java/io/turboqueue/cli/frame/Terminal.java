package io.turboqueue.cli.frame;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which streams are terminals, and how large a screen is.
 *
 * @param in whether a person types
 * @param out whether a person reads the results
 * @param err whether a person reads complaints and progress
 * @param columns characters in a line
 */
public record Terminal(boolean in, boolean out, boolean err, int columns) {

    private static final int USUAL_COLUMNS = 80;

    /** None at all. */
    public static final Terminal NONE = new Terminal(false, false, false, USUAL_COLUMNS);

    /** From the launcher's words, such as {@code "in out err 120"}: Java cannot tell for each stream. */
    public static Terminal of(@Nullable String words) {
        if (words == null) {
            return NONE;
        }
        List<String> all = Arrays.asList(words.split(" "));
        int columns = all.stream()
                .filter(word -> word.matches("[1-9][0-9]{1,3}"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(USUAL_COLUMNS);
        return new Terminal(all.contains("in"), all.contains("out"), all.contains("err"), columns);
    }
}
