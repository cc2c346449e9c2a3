package io.turboqueue.examples.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects what was measured, as a table and as a document. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Object> circumstances = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Where and how: {@code machine}, {@code jdk}, {@code fileSystem}, {@code settings}. */
    void circumstance(String name, Object value) {
        circumstances.put(name, value);
    }

    void add(Figure figure) {
        figures.add(figure);
    }

    void add(Ratio ratio) {
        ratios.add(ratio);
    }

    void note(String note) {
        notes.add(note);
    }

    List<Figure> group(String group) {
        return figures.stream().filter(figure -> figure.group().equals(group)).toList();
    }

    String json() throws JsonProcessingException {
        Map<String, Object> document = new LinkedHashMap<>(circumstances);
        document.put("notes", notes);
        document.put("figures", figures);
        document.put("ratios", ratios);
        return JSON.writeValueAsString(document);
    }

    void print(PrintStream out) {
        circumstances.forEach((name, value) -> out.println(name + ": " + value));
        String group = "";
        for (Figure figure : figures) {
            if (!figure.group().equals(group)) {
                group = figure.group();
                out.println();
                out.println(group);
            }
            out.println(row(figure));
        }
        out.println();
        out.println(row("ratios, of medians in this run", "ratio", "target", ""));
        ratios.forEach(ratio -> out.println(row(ratio)));
        notes.forEach(out::println);
    }

    private static String row(Figure figure) {
        double smallest =
                figure.rounds().stream().mapToDouble(Double::doubleValue).min().orElse(figure.value());
        double largest =
                figure.rounds().stream().mapToDouble(Double::doubleValue).max().orElse(figure.value());
        String spread = figure.rounds().size() > 1 ? "  (" + number(smallest) + " to " + number(largest) + ")" : "";
        return String.format(
                Locale.ROOT, "  %-34s %14s %s%s", figure.name(), number(figure.value()), figure.unit(), spread);
    }

    private static String row(Ratio ratio) {
        String target = ratio.target() == null ? "" : number(ratio.target());
        String verdict = ratio.met() == null ? "" : ratio.met() ? "met" : "missed";
        return row("  " + ratio.name(), number(ratio.ratio()), target, verdict);
    }

    private static String row(String name, String ratio, String target, String verdict) {
        return String.format(Locale.ROOT, "%-80s %10s %10s  %s", name, ratio, target, verdict)
                .stripTrailing();
    }

    /** Three digits that count, and no more after the point than needed. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, size > 0 && size < 0.1 ? "%.4f" : format, value);
    }
}
