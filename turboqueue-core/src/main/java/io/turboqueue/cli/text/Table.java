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

    /** Lines in aligned columns under a heading, for a screen of that many columns; see {@link TableLines}. */
    public List<String> human(List<R> rows, Times times, Colors paint, int screen) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns.stream().map(Column::heading).toList());
        for (R row : rows) {
            cells.add(columns.stream().map(column -> column.human(row, times)).toList());
        }
        List<Boolean> right =
                columns.stream().map(column -> column.style().right()).toList();
        List<String> lines = new ArrayList<>();
        for (List<String> row : new TableLines(cells, right, screen).lines()) {
            boolean heading = lines.isEmpty();
            lines.addAll(heading ? row.stream().map(paint::heading).toList() : row);
        }
        return lines;
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
