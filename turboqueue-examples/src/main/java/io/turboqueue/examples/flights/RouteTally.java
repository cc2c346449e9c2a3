package io.turboqueue.examples.flights;

import java.util.HashMap;
import java.util.Map;

/** Adds up flights by route. Consumers use it for a batch, and the reference pass for the whole input. */
final class RouteTally {

    private final Airports airports;
    private final Map<Route, RouteTotals> totals = new HashMap<>();

    RouteTally(Airports airports) {
        this.airports = airports;
    }

    /** The tally of these flights. */
    static RouteTally of(Iterable<Flight> flights, Airports airports) {
        RouteTally tally = new RouteTally(airports);
        flights.forEach(tally::add);
        return tally;
    }

    /**
     * What the consumers must have come to: one plain pass over the input, on one thread.
     *
     * @param messages how many flights were sent
     */
    static RouteTally reference(Flights flights, long messages, Airports airports) {
        RouteTally tally = new RouteTally(airports);
        for (long sequence = 0; sequence < messages; sequence++) {
            tally.add(flights.at(sequence));
        }
        return tally;
    }

    void add(Flight flight) {
        long metres = airports.metres(flight.origin(), flight.destination());
        totals.merge(
                new Route(flight.origin(), flight.destination()), RouteTotals.of(flight, metres), RouteTotals::plus);
    }

    Map<Route, RouteTotals> totals() {
        return totals;
    }
}
