package io.turboqueue.examples.kafka;

import io.turboqueue.examples.kafka.Measurement.Contestant;
import io.turboqueue.examples.kafka.Measurement.Figure;
import io.turboqueue.examples.kafka.Measurement.Load;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The figures as a table in Markdown: events per second, and after them core seconds for a million events. */
final class MeasurementTable {

    /** A line of the table. */
    private record Row(Load load, int workers) {}

    private MeasurementTable() {}

    static List<String> lines(List<Figure> figures) {
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder("| CPU an event | partitions | workers |");
        StringBuilder rule = new StringBuilder("|---|---|---|");
        for (Contestant contestant : Contestant.values()) {
            head.append(' ').append(contestant.title()).append(" |");
            rule.append("---|");
        }
        lines.add(head.toString());
        lines.add(rule.toString());
        figures.stream()
                .map(figure -> new Row(
                        new Load(figure.load().cpuMicros(), 0, figure.load().partitions()), figure.workers()))
                .distinct()
                .sorted(Comparator.comparing((Row row) -> -row.load().partitions())
                        .thenComparing(row -> row.load().cpuMicros())
                        .thenComparing(Row::workers))
                .forEach(row -> lines.add(line(row, figures)));
        return lines;
    }

    private static String line(Row row, List<Figure> figures) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "| %d us | %d | %d |",
                row.load().cpuMicros(),
                row.load().partitions(),
                row.workers()));
        for (Contestant contestant : Contestant.values()) {
            String cell = figures.stream()
                    .filter(figure -> figure.contestant() == contestant
                            && figure.workers() == row.workers()
                            && figure.load().cpuMicros() == row.load().cpuMicros()
                            && figure.load().partitions() == row.load().partitions())
                    .map(figure ->
                            String.format(Locale.ROOT, " %,.0f (%.0f) |", figure.perSecond(), figure.coreSeconds()))
                    .findFirst()
                    .orElse(" |");
            line.append(cell);
        }
        return line.toString();
    }
}
