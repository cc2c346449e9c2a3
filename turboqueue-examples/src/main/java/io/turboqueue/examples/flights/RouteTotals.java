package io.turboqueue.examples.flights;

/**
 * What the demo counts of a route. All of it is whole numbers, so that the totals do not depend on the order in which
 * flights are added and two passes can be compared exactly.
 *
 * @param flights how many there were
 * @param delayMinutes the sum of their delays
 * @param lateFlights how many were a quarter of an hour late or more
 * @param metres the sum of their great-circle distances, each rounded to the metre
 * @param deviatingFlights how many reported a distance that is more than 0.5 % off the great-circle distance
 */
public record RouteTotals(long flights, long delayMinutes, long lateFlights, long metres, long deviatingFlights) {

    static final RouteTotals NONE = new RouteTotals(0, 0, 0, 0, 0);

    private static final int LATE_MINUTES = 15;
    private static final double METRES_PER_MILE = 1609.344;
    private static final double TOLERANCE = 0.005;

    /** The totals of one flight. */
    static RouteTotals of(Flight flight, long metres) {
        boolean late = flight.delayMinutes() >= LATE_MINUTES;
        double reportedMetres = flight.distanceMiles() * METRES_PER_MILE;
        boolean deviating = Math.abs(reportedMetres - metres) > TOLERANCE * metres;
        return new RouteTotals(1, flight.delayMinutes(), late ? 1 : 0, metres, deviating ? 1 : 0);
    }

    /** Both together. */
    RouteTotals plus(RouteTotals other) {
        return new RouteTotals(
                flights + other.flights,
                delayMinutes + other.delayMinutes,
                lateFlights + other.lateFlights,
                metres + other.metres,
                deviatingFlights + other.deviatingFlights);
    }
}
