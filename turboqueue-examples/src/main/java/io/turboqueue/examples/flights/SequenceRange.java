package io.turboqueue.examples.flights;

import java.util.List;

/**
 * A run of message numbers without a gap.
 *
 * @param first the lowest number
 * @param next one more than the highest
 */
record SequenceRange(long first, long next) {

    /** The numbers of these flights; refused when they do not follow one another. */
    static SequenceRange of(List<Flight> flights) {
        if (flights.isEmpty()) {
            throw new IllegalArgumentException("no flights, and so no range");
        }
        long first = flights.get(0).sequence();
        long expected = first;
        for (Flight flight : flights) {
            if (flight.sequence() != expected) {
                throw new IllegalArgumentException(
                        "flight " + flight.sequence() + " where " + expected + " was to follow");
            }
            expected++;
        }
        return new SequenceRange(first, expected);
    }

    boolean contains(long sequence) {
        return first <= sequence && sequence < next;
    }

    long length() {
        return next - first;
    }
}
