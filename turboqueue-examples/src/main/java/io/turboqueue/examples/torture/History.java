package io.turboqueue.examples.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The ledgers of a run, read back. */
final class History {

    private History() {}

    /** Every line of every ledger in a folder, in order of time. */
    static List<HistoryLine> read(Path folder) throws IOException {
        return read(folder, "");
    }

    /** The same with a prefix for the writers' names, which may occur in another folder as well. */
    static List<HistoryLine> read(Path folder, String prefix) throws IOException {
        List<HistoryLine> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(HistoryFile.SUFFIX))
                    .toList()) {
                String name = file.getFileName().toString();
                String writer = prefix + name.substring(0, name.length() - HistoryFile.SUFFIX.length());
                int number = 0;
                for (String text : Files.readAllLines(file)) {
                    lines.add(parse(writer, ++number, text));
                }
            }
        }
        lines.sort(Comparator.comparingLong(HistoryLine::nanos));
        return lines;
    }

    /** A line as it is in a file. */
    static HistoryLine parse(String writer, int number, String text) {
        List<String> words = Arrays.asList(text.split(" ", -1));
        return new HistoryLine(
                writer,
                number,
                Long.parseLong(words.get(1)),
                Entry.valueOf(words.get(0)),
                List.copyOf(words.subList(2, words.size())));
    }
}
