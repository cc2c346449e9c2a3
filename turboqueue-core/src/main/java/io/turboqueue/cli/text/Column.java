package io.turboqueue.cli.text;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, which is also a field of a JSON object.
 *
 * @param heading over the table's column
 * @param field the JSON field's name
 * @param style how the value is shown to people
 * @param value a row's value: text, number, {@link Instant}, {@link Duration}; null for none
 * @param <R> the row's type
 */
public record Column<R>(String heading, String field, Style style, Function<R, @Nullable Object> value) {

    /** How values are shown to people. */
    public enum Style {
        /** As it is, to the left. */
        TEXT,
        /** A number as it is, to the right. */
        NUMBER,
        /** A number with its thousands marked, to the right. */
        COUNT,
        /** Bytes. */
        BYTES,
        /** A duration. */
        AGE,
        /** A point in time. */
        TIME;

        boolean right() {
            return this == NUMBER || this == COUNT || this == BYTES || this == AGE;
        }
    }

    /** For people. */
    String human(R row, Times times) {
        Object found = value.apply(row);
        if (found == null) {
            return "-";
        }
        return switch (style) {
            case TEXT, NUMBER -> String.valueOf(found);
            case COUNT -> Units.count(((Number) found).longValue());
            case BYTES -> Units.bytes(((Number) found).longValue());
            case AGE -> Units.age((Duration) found);
            case TIME -> times.format((Instant) found);
        };
    }

    /** For programs that split lines at tabs. */
    String plain(R row) {
        Object found = value.apply(row);
        return found == null ? "" : Csv.cell(Json.plain(found));
    }

    /** For JSON: durations as seconds. */
    @Nullable
    Object json(R row) {
        Object found = value.apply(row);
        return found instanceof Duration duration ? (Object) (duration.toMillis() / 1000.0) : found;
    }
}
