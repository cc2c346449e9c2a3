package io.turboqueue.cli.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Cells laid out on a screen of a certain width. Where a row does not fit on one line it continues in the next, indented, and
 * the heading likewise; only the last column is broken, between words. So no value is cut in two by the screen's edge.
 */
final class TableLines {

    private static final String GAP = "  ";
    private static final String INDENT = "    ";
    private static final int MIN_FOR_WORDS = 20;

    private final List<List<String>> rows;
    private final List<Boolean> right;
    private final int screen;
    private final int[] widths;

    /**
     * Of cells.
     *
     * @param rows the heading first
     * @param right which columns stand to the right
     * @param screen characters on a line
     */
    TableLines(List<List<String>> rows, List<Boolean> right, int screen) {
        this.rows = rows;
        this.right = right;
        this.screen = screen;
        this.widths = new int[right.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
    }

    /** The lines of each row. */
    List<List<String>> lines() {
        List<List<Integer>> groups = groups();
        List<List<String>> all = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> lines = new ArrayList<>();
            for (List<Integer> group : groups) {
                lines.addAll(line(row, group, lines.isEmpty() ? "" : INDENT));
            }
            all.add(lines);
        }
        return all;
    }

    /** The columns that share a line. The last column counts with what it needs at least. */
    private List<List<Integer>> groups() {
        List<List<Integer>> groups = new ArrayList<>();
        List<Integer> group = new ArrayList<>();
        int used = 0;
        for (int i = 0; i < widths.length; i++) {
            int needed = i == widths.length - 1 ? leastOfLast() : widths[i];
            if (!group.isEmpty() && used + GAP.length() + needed > screen) {
                groups.add(group);
                group = new ArrayList<>();
                used = INDENT.length();
            }
            used += (group.isEmpty() ? 0 : GAP.length()) + needed;
            group.add(i);
        }
        groups.add(group);
        return groups;
    }

    private int leastOfLast() {
        int last = widths.length - 1;
        int longest = right.get(last) ? widths[last] : MIN_FOR_WORDS;
        for (List<String> row : rows) {
            longest = Math.max(longest, Wrap.longestWord(row.get(last)));
        }
        return Math.min(widths[last], longest);
    }

    private List<String> line(List<String> row, List<Integer> group, String indent) {
        StringBuilder line = new StringBuilder(indent);
        List<String> lines = new ArrayList<>();
        for (int column : group) {
            line.append(line.length() == indent.length() ? "" : GAP);
            if (column == widths.length - 1 && !right.get(column)) {
                List<String> words = Wrap.words(row.get(column), Math.max(1, screen - line.length()));
                lines.addAll(under(line, words));
                return lines;
            }
            line.append(cell(row.get(column), column));
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }

    private static List<String> under(StringBuilder start, List<String> words) {
        List<String> lines = new ArrayList<>(Collections.nCopies(words.size(), ""));
        lines.replaceAll(none -> " ".repeat(start.length()));
        lines.set(0, start.toString());
        for (int i = 0; i < words.size(); i++) {
            lines.set(i, (lines.get(i) + words.get(i)).stripTrailing());
        }
        return lines;
    }

    private String cell(String text, int column) {
        String space = " ".repeat(widths[column] - text.length());
        return right.get(column) ? space + text : text + space;
    }
}
