package io.turboqueue.examples.flights;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a worker tells its supervisor what it did since it last told: a line on standard output as {@code progress acked
 * 10000}. Good for a live view only, since what a killed worker had not told yet is missing.
 */
record ProgressLine(Step step, long messages) {

    private static final Pattern LINE = Pattern.compile("progress (published|claimed|acked) ([0-9]{1,18})");

    String format() {
        return "progress " + step.name().toLowerCase(Locale.ROOT) + " " + messages;
    }

    /** Empty for any other line. */
    static Optional<ProgressLine> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Step step = Step.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        return Optional.of(new ProgressLine(step, Long.parseLong(matcher.group(2))));
    }
}
