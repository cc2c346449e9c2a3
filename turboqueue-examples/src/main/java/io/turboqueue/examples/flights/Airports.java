package io.turboqueue.examples.flights;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The airports of the demo's input with their positions. Immutable. */
public final class Airports {

    private static final String FILE = "airports.csv.gz";
    private static final String HEADER = "iata,name,city,state,country,latitude,longitude";

    private final Map<String, Position> positions;

    private Airports(Map<String, Position> positions) {
        this.positions = positions;
    }

    /** Reads them. */
    public static Airports load() throws IOException {
        Map<String, Position> positions = new HashMap<>();
        CsvResource.read(
                FILE,
                HEADER,
                fields -> positions.put(
                        fields.get(0),
                        Position.of(Double.parseDouble(fields.get(5)), Double.parseDouble(fields.get(6)))));
        return new Airports(positions);
    }

    /** How many there are. */
    public int size() {
        return positions.size();
    }

    /** The great-circle distance between two airports, rounded to the metre. */
    public long metres(String origin, String destination) {
        return position(origin).metresTo(position(destination));
    }

    private Position position(String iata) {
        Position position = positions.get(iata);
        if (position == null) {
            throw new IllegalArgumentException("no airport is called \"" + iata + "\"");
        }
        return position;
    }
}
