package io.turboqueue.examples.kafka;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turboqueue.examples.flights.Airports;
import java.io.IOException;

/**
 * Adds to a flight, a JSON object, what can be computed from it: the great-circle distance in metres, whether it was late,
 * and by how many per mille the reported distance differs. Other fields stay as they are.
 */
public final class FlightEnrichment implements EventWork {

    private static final int LATE_MINUTES = 15;
    private static final double METRES_PER_MILE = 1609.344;

    private final JsonMapper json = JsonMapper.builder().build();
    private final Airports airports;

    /** Reads the airports. */
    public FlightEnrichment() throws IOException {
        this.airports = Airports.load();
    }

    @Override
    public byte[] apply(byte[] value) throws IOException {
        if (!(json.readTree(value) instanceof ObjectNode flight)) {
            throw new IOException("a flight must be a JSON object");
        }
        long metres = airports.metres(text(flight, "origin"), text(flight, "destination"));
        double reported = flight.path("distanceMiles").asInt() * METRES_PER_MILE;
        flight.put("metres", metres);
        flight.put("late", flight.path("delayMinutes").asInt() >= LATE_MINUTES);
        flight.put("offPerMille", metres == 0 ? 0 : Math.round(Math.abs(reported - metres) * 1000 / metres));
        return json.writeValueAsBytes(flight);
    }

    private static String text(ObjectNode flight, String field) throws IOException {
        if (!flight.path(field).isTextual()) {
            throw new IOException("a flight must have a text " + field);
        }
        return flight.path(field).textValue();
    }
}
