package io.turboqueue.cli.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one kind, shown in one of three ways: in columns for people, at tabs for programs, as JSON objects.
 *
 * @param columns from left to right
 * @param <R> the rows' type
 */
public record Table<R>(List<Column<R>> columns) {

    private static final String GAP = "  ";

    /** Lines in aligned columns under a heading. */
    public List<String> human(List<R> rows, Times times, Paint paint) {
        List<List<String>> cells = new ArrayList<>();
        int[] widths = new int[columns.size()];
        cells.add(columns.stream().map(Column::heading).toList());
        for (R row : rows) {
            cells.add(columns.stream().map(column -> column.human(row, times)).toList());
        }
        for (List<String> line : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> line : cells) {
            String text = aligned(line, widths);
            lines.add(lines.isEmpty() ? paint.heading(text) : text);
        }
        return lines;
    }

    private String aligned(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(widths[i] - cells.get(i).length());
            boolean right = columns.get(i).style().right();
            line.append(i == 0 ? "" : GAP)
                    .append(right ? space : "")
                    .append(cells.get(i))
                    .append(right ? "" : space);
        }
        return line.toString().stripTrailing();
    }

    /** One row, its values separated by tabs. */
    public String plain(R row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            line.append(i == 0 ? "" : "\t").append(columns.get(i).plain(row));
        }
        return line.toString();
    }

    /** One row's fields. */
    public Map<String, @Nullable Object> json(R row) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Column<R> column : columns) {
            fields.put(column.field(), column.json(row));
        }
        return fields;
    }
}
