package io.turboqueue.cli.support;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which streams are terminals, and how large a screen is.
 *
 * @param in whether a person types
 * @param out whether a person reads the results
 * @param err whether a person reads complaints and progress
 * @param columns characters in a line
 * @param rows lines on a screen
 */
public record Terminal(boolean in, boolean out, boolean err, int columns, int rows) {

    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})$");

    /** None at all. */
    public static final Terminal NONE = new Terminal(false, false, false, USUAL_COLUMNS, USUAL_ROWS);

    /** From the launcher's words, such as {@code "in out err 24 120"}: Java cannot tell for each stream. */
    public static Terminal of(@Nullable String words) {
        if (words == null) {
            return NONE;
        }
        Set<String> all = Set.copyOf(Arrays.asList(words.split(" ", -1)));
        Matcher size = SIZE.matcher(words);
        boolean told = size.find();
        return new Terminal(
                all.contains("in"),
                all.contains("out"),
                all.contains("err"),
                told ? Integer.parseInt(size.group(2)) : USUAL_COLUMNS,
                told ? Integer.parseInt(size.group(1)) : USUAL_ROWS);
    }
}
