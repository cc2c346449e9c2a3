package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RouteTallyTest {

    private static final Route JFK_LAX = new Route("JFK", "LAX");

    @Test
    void countsFlightsDelaysAndDistancesByRoute() throws IOException {
        Airports airports = Airports.load();
        long metres = airports.metres("JFK", "LAX");
        int miles = (int) Math.round(metres / 1609.344);

        Map<Route, RouteTotals> totals = RouteTally.of(
                        List.of(
                                new Flight(0, "", "JFK", "LAX", miles, 15),
                                new Flight(1, "", "JFK", "LAX", miles, 14),
                                new Flight(2, "", "JFK", "LAX", miles + miles / 100, -30),
                                new Flight(3, "", "LAX", "JFK", miles, 1)),
                        airports)
                .totals();

        assertThat(totals)
                .containsEntry(JFK_LAX, new RouteTotals(3, -1, 1, 3 * metres, 1))
                .containsEntry(new Route("LAX", "JFK"), new RouteTotals(1, 1, 0, metres, 0))
                .hasSize(2);
    }

    @Test
    void theOrderOfFlightsDoesNotMatter() throws IOException {
        Airports airports = Airports.load();
        Flights flights = Flights.load();
        List<Flight> shuffled = new ArrayList<>(
                LongStream.range(0, 10_000).mapToObj(flights::at).toList());
        Collections.shuffle(shuffled, new Random(1));

        assertThat(RouteTally.of(shuffled, airports).totals())
                .isEqualTo(RouteTally.reference(flights, 10_000, airports).totals());
    }

    @Test
    void equalTotalsAreVerified() {
        Map<Route, RouteTotals> totals = Map.of(JFK_LAX, new RouteTotals(3, -1, 1, 12, 1));

        assertThat(Verification.of(totals, Map.copyOf(totals)).equal()).isTrue();
    }

    @Test
    void aDifferenceIsNamed() {
        RouteTotals right = new RouteTotals(3, -1, 1, 12, 1);
        RouteTotals wrong = new RouteTotals(4, -1, 1, 12, 1);
        Route onlyThere = new Route("AAA", "BBB");

        Verification verification = Verification.of(Map.of(JFK_LAX, right), Map.of(JFK_LAX, wrong, onlyThere, wrong));

        assertThat(verification.equal()).isFalse();
        assertThat(verification.difference())
                .startsWith("2 routes differ, the first is AAA-BBB: RouteTotals[flights=4,")
                .contains("instead of RouteTotals[flights=0,");
    }
}
