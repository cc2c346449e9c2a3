package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Durability;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final RouteTotals RARE = new RouteTotals(1, 500, 1, 1_000_000, 0);

    @Test
    void theWorstRoutesComeFirstAndRareOnesDoNotCount() {
        Map<Route, RouteTotals> routes = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            routes.put(new Route("R" + i, "XXX"), new RouteTotals(2, 2L * i, 1, 3_000_000, 0));
        }
        routes.put(new Route("RARE", "XXX"), RARE);

        List<String> lines = Report.worstRoutes(outcome(20_000, routes, ""));

        assertThat(lines).hasSize(12);
        assertThat(lines.get(0)).isEqualTo("Worst routes by mean delay, of those with 2 flights or more:");
        assertThat(lines.get(2)).isEqualTo("  R19-XXX          2     19.0 min    50 %  1,500 km");
        assertThat(lines.get(11)).startsWith("  R10-XXX ");
    }

    @Test
    void theSummarySaysWhetherItCameOutRight() {
        assertThat(Report.summary(outcome(20_000, Map.of(), "")))
                .contains("Verified: the totals equal those of a plain single-threaded pass over the same flights.")
                .contains(" 2 producers: 20,000 messages in 2.00 s, 10,000/s");
        assertThat(Report.summary(outcome(20_000, Map.of(), "1 routes differ")))
                .contains("NOT VERIFIED: 1 routes differ.");
    }

    @Test
    void jsonHoldsTheOutcome() {
        assertThat(outcome(20_000, Map.of(), "").json())
                .isEqualTo("{\"messages\":20000,\"seconds\":4.0,\"verified\":true,\"duplicates\":1,\"batches\":3,"
                        + "\"messagesPerSecond\":5000,\"publishedPerSecond\":10000,\"consumedPerSecond\":20000,"
                        + "\"startSeconds\":0.5,\"producers\":2,\"consumers\":4,\"restarts\":5}");
    }

    @Test
    void pathsInCommandsAreQuotedForTheShell() {
        List<String> commands = Report.commands(Path.of("/tmp/a b's/results.db"), Path.of("/tmp/plain/5-x.db"));

        assertThat(commands.get(0)).startsWith("sqlite3 -header -column '/tmp/a b'\\''s/results.db' \"SELECT ");
        assertThat(commands.get(2)).startsWith("sqlite3 -header -column /tmp/plain/5-x.db \"SELECT ");
    }

    private static Outcome outcome(long messages, Map<Route, RouteTotals> routes, String difference) {
        return new Outcome(
                new Workload(Path.of("/spool"), messages, 2, 10_000, Durability.PROCESS),
                new Results.Summary(3, messages, 1),
                new Outcome.Speed(0.5, 4, 2, 1),
                new Outcome.Workers(2, 4, 5),
                new Verification(routes, difference));
    }
}
