package io.turboqueue.examples.flights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.turboqueue.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A flight as a JSON object, written and read token by token. {@code Codecs.json(Flight.class)} would do, and read what
 * this writes; this takes half the time, and the demo's short-lived processes start sooner without data binding.
 */
final class FlightCodec implements Codec<Flight> {

    private static final int TYPICAL_BYTES = 160;

    private final JsonFactory json = new JsonFactory();

    @Override
    public boolean text(byte[] encoded) {
        return true;
    }

    @Override
    public byte[] encode(Flight flight) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (JsonGenerator generator = json.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeNumberField("sequence", flight.sequence());
            generator.writeStringField("departure", flight.departure());
            generator.writeStringField("origin", flight.origin());
            generator.writeStringField("destination", flight.destination());
            generator.writeNumberField("distanceMiles", flight.distanceMiles());
            generator.writeNumberField("delayMinutes", flight.delayMinutes());
            generator.writeEndObject();
        }
        return bytes.toByteArray();
    }

    @Override
    public Flight decode(byte[] bytes) throws IOException {
        long sequence = -1;
        String departure = "";
        String origin = "";
        String destination = "";
        int distanceMiles = 0;
        int delayMinutes = 0;
        try (JsonParser parser = json.createParser(bytes)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "sequence" -> sequence = parser.getLongValue();
                    case "departure" -> departure = parser.getText();
                    case "origin" -> origin = parser.getText();
                    case "destination" -> destination = parser.getText();
                    case "distanceMiles" -> distanceMiles = parser.getIntValue();
                    case "delayMinutes" -> delayMinutes = parser.getIntValue();
                    default -> parser.skipChildren();
                }
            }
        }
        return new Flight(sequence, departure, origin, destination, distanceMiles, delayMinutes);
    }
}
