package io.turboqueue.examples.flights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run says at its end, for people. */
final class Report {

    private static final int WORST_ROUTES = 10;
    /** A route counts among the worst with one flight in that many messages or more: a few bad days make no bad route. */
    private static final long MESSAGES_PER_FLIGHT = 10_000;

    private Report() {}

    /** The ten worst routes by mean delay, worst first. */
    static List<String> worstRoutes(Outcome outcome) {
        long fewest = Math.max(1, outcome.workload().messages() / MESSAGES_PER_FLIGHT);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "Worst routes by mean delay, of those with %,d flights or more:", fewest));
        lines.add("  route      flights   mean delay    late   distance");
        outcome.verification().routes().entrySet().stream()
                .filter(route -> route.getValue().flights() >= fewest)
                .sorted(Comparator.comparingDouble(
                                (Map.Entry<Route, RouteTotals> route) -> -meanDelay(route.getValue()))
                        .thenComparing(route -> route.getKey().toString()))
                .limit(WORST_ROUTES)
                .map(route -> line(route.getKey(), route.getValue()))
                .forEach(lines::add);
        return lines;
    }

    /** How fast it was, and whether it came out right. */
    static List<String> summary(Outcome outcome) {
        Outcome.Workers workers = outcome.workers();
        Outcome.Speed speed = outcome.speed();
        List<String> lines = new ArrayList<>();
        lines.add(side(workers.producers(), "producers", outcome, speed.publishingSeconds()));
        lines.add(side(workers.consumers(), "consumers", outcome, speed.consumingSeconds()));
        lines.add(side(workers.producers() + workers.consumers(), "processes", outcome, speed.seconds())
                + String.format(Locale.ROOT, ", after a start of %.2f s", speed.startSeconds()));
        lines.add(String.format(
                Locale.ROOT,
                "%,d batches, %,d duplicates not counted again, %,d restarts",
                outcome.results().batches(),
                outcome.results().duplicates(),
                workers.restarts()));
        lines.add(
                outcome.verification().equal()
                        ? "Verified: the totals equal those of a plain single-threaded pass over the same flights."
                        : "NOT VERIFIED: " + outcome.verification().difference() + ".");
        return lines;
    }

    /** Commands that look into what a run left: two into the results, one into a batch file. */
    static List<String> commands(Path results, Path batch) {
        return List.of(
                sqlite(
                        results,
                        "SELECT origin, destination, flights, 1.0 * delay_minutes / flights AS mean_delay FROM route"
                                + " ORDER BY flights DESC LIMIT 10"),
                sqlite(
                        results,
                        "SELECT count(*) AS batches, sum(counted) AS messages, sum(deliveries) AS deliveries FROM batch"),
                sqlite(batch, "SELECT id, time, payload FROM message LIMIT 5"));
    }

    private static String sqlite(Path database, String sql) {
        return "sqlite3 -header -column " + quoted(database.toString()) + " \"" + sql + "\"";
    }

    /** As one word of a shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9/._-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String side(int processes, String what, Outcome outcome, double seconds) {
        return String.format(
                Locale.ROOT,
                "%2d %s: %,d messages in %.2f s, %,d/s",
                processes,
                what,
                outcome.workload().messages(),
                seconds,
                outcome.rate(seconds));
    }

    private static String line(Route route, RouteTotals totals) {
        return String.format(
                Locale.ROOT,
                "  %-9s  %,7d  %7.1f min  %4.0f %%  %,5d km",
                route,
                totals.flights(),
                meanDelay(totals),
                100.0 * totals.lateFlights() / totals.flights(),
                Math.round(totals.metres() / 1000.0 / totals.flights()));
    }

    private static double meanDelay(RouteTotals totals) {
        return (double) totals.delayMinutes() / totals.flights();
    }
}
