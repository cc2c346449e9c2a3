package io.turboqueue.examples.flights;

/** A pair of airports by their IATA codes; the way back is another route. */
public record Route(String origin, String destination) {

    @Override
    public String toString() {
        return origin + "-" + destination;
    }
}
