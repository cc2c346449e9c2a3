package io.turboqueue.batch.jdbc;

import io.turboqueue.batch.BatchFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text by which a table was made. Whether it is a batch's is for {@link BatchFormat#isPlainTable} to say; this says in
 * words what is different about one that is not.
 */
final class SchemaText {

    private static final List<String> COLUMNS = List.of("id", "time", "key", "headers", "payload");
    private static final String ID_TYPE = "INTEGER PRIMARY KEY";
    private static final Set<String> TYPES = Set.of("INTEGER", "INT", "TEXT", "BLOB", "ANY", "JSON");
    private static final Set<String> TABLE_CONSTRAINTS = Set.of("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN");
    private static final Set<String> COLUMN_CONSTRAINTS = Set.of(
            "CONSTRAINT",
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "GENERATED",
            "AS");
    private static final int MAX_LENGTH = 10_000; // of a text that is looked at, and far more than a plain one has
    private static final int MAX_QUOTED = 60;

    /** A quoted name or text, a word or number, or any other character; blanks and comments are passed over. */
    private static final Pattern TOKEN = Pattern.compile(
            "--[^\\n]*+|/\\*(?s:.*?)\\*/|\\s++|(\"[^\"]*+\"|'[^']*+'|`[^`]*+`|\\[[^\\]]*+\\]|\\w++|.)", Pattern.DOTALL);

    private final List<String> tokens;
    private int next;

    private SchemaText(List<String> tokens) {
        this.tokens = tokens;
    }

    /** What makes this the text of another table than a batch's. */
    static String difference(String sql) {
        String found = sql.length() > MAX_LENGTH ? null : new SchemaText(tokens(sql)).difference();
        return found == null ? "the table 'message' is made by " + cut(sql) : found;
    }

    private static List<String> tokens(String sql) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql);
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                tokens.add(matcher.group(1));
            }
        }
        return tokens;
    }

    private @Nullable String difference() {
        if (!take("CREATE")) {
            return null;
        }
        if (!take("TABLE")) {
            return "'message' is a " + word(peek()).toLowerCase(Locale.ROOT) + ", not a plain table";
        }
        next++; // its name
        if (!take("(")) {
            return null;
        }
        List<List<String>> columns = columns();
        for (int i = 0; i < COLUMNS.size(); i++) {
            String found = i < columns.size()
                    ? columnDifference(i, columns.get(i))
                    : "the table 'message' has no column " + COLUMNS.get(i);
            if (found != null) {
                return found;
            }
        }
        if (columns.size() > COLUMNS.size()) {
            List<String> more = columns.get(COLUMNS.size());
            return TABLE_CONSTRAINTS.contains(word(more.get(0)))
                    ? "the table 'message' has " + cut(String.join(" ", more))
                    : "the table 'message' has a sixth column, " + name(more.get(0));
        }
        return next < tokens.size()
                ? "the table 'message' is " + cut(String.join(" ", tokens.subList(next, tokens.size())))
                : null;
    }

    /** What lies between the parentheses, parted at the commas that are in no others. Ends after the last of them. */
    private List<List<String>> columns() {
        List<List<String>> columns = new ArrayList<>();
        List<String> column = new ArrayList<>();
        for (int depth = 1; depth > 0 && next < tokens.size(); next++) {
            String token = tokens.get(next);
            depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            if (depth == 0 || (depth == 1 && token.equals(","))) {
                columns.add(column);
                column = new ArrayList<>();
            } else {
                column.add(token);
            }
        }
        columns.removeIf(List::isEmpty);
        return columns;
    }

    private static @Nullable String columnDifference(int place, List<String> column) {
        String expected = COLUMNS.get(place);
        String name = name(column.get(0));
        if (!name.equalsIgnoreCase(expected)) {
            return "column " + (place + 1) + " is " + name + ", not " + expected;
        }
        List<String> rest = withoutNotNull(column.subList(1, column.size()));
        String definition = cut(String.join(" ", rest));
        if (place == 0) {
            return definition.equalsIgnoreCase(ID_TYPE)
                    ? null
                    : "column id is " + (rest.isEmpty() ? "without a type" : definition) + ", not " + ID_TYPE;
        }
        if (rest.isEmpty() || (rest.size() == 1 && TYPES.contains(word(rest.get(0))))) {
            return null;
        }
        int constraint = 0;
        while (constraint < rest.size() && !COLUMN_CONSTRAINTS.contains(word(rest.get(constraint)))) {
            constraint++;
        }
        boolean plainType = constraint == 0 || (constraint == 1 && TYPES.contains(word(rest.get(0))));
        return plainType
                ? "column " + name + " has " + cut(String.join(" ", rest.subList(constraint, rest.size())))
                : "column " + name + " is " + definition + ", not INTEGER, TEXT, BLOB, ANY, JSON or without a type";
    }

    private static List<String> withoutNotNull(List<String> definition) {
        int end = definition.size();
        boolean notNull = end >= 2
                && word(definition.get(end - 2)).equals("NOT")
                && word(definition.get(end - 1)).equals("NULL");
        return notNull ? definition.subList(0, end - 2) : definition;
    }

    private boolean take(String expected) {
        boolean there = word(peek()).equals(expected);
        next += there ? 1 : 0;
        return there;
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private static String word(String token) {
        return token.toUpperCase(Locale.ROOT);
    }

    private static String name(String token) {
        boolean quoted = token.length() > 1 && "\"`['".indexOf(token.charAt(0)) >= 0;
        return cut(quoted ? token.substring(1, token.length() - 1) : token);
    }

    private static String cut(String text) {
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "...";
    }
}
