package io.turboqueue.examples.flights;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The flights of one delivery, added up by route and ready to be recorded.
 *
 * @param id the batch's id, the same at every delivery of it
 * @param flights in the order in which they were sent; none when others had counted all of them
 * @param totals their totals by route
 */
record FlightBatch(String id, List<Flight> flights, Map<Route, RouteTotals> totals) {

    static FlightBatch of(String id, List<Flight> flights, Airports airports) {
        return new FlightBatch(id, flights, RouteTally.of(flights, airports).totals());
    }

    /** What is left of it without the flights of these ranges. */
    FlightBatch without(Collection<SequenceRange> counted, Airports airports) {
        List<Flight> rest = flights.stream()
                .filter(flight -> counted.stream().noneMatch(range -> range.contains(flight.sequence())))
                .toList();
        return rest.size() == flights.size() ? this : of(id, rest, airports);
    }
}
