package io.turboqueue.cli.text;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values on a line, for programs. Pure functions. */
public final class Csv {

    private Csv() {}

    /** Separated by commas, quoted where needed (RFC 4180); null is empty. */
    public static String line(List<@Nullable Object> values) {
        return values.stream().map(Csv::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(@Nullable Object value) {
        String text = value == null ? "" : String.valueOf(value);
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** Separated by tabs, with blanks for tabs and new lines in them; null is empty. */
    public static String tabs(List<@Nullable Object> values) {
        return values.stream()
                .map(value -> value == null ? "" : cell(String.valueOf(value)))
                .collect(Collectors.joining("\t"));
    }

    /** With blanks for what would end a cell or a line. */
    static String cell(String text) {
        return text.replace('\t', ' ').replace('\n', ' ').replace('\r', ' ');
    }
}
