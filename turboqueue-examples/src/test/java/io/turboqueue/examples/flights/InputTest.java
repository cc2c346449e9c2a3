package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputTest {

    @Test
    void thereAre250000Flights() throws IOException {
        Flights flights = Flights.load();

        assertThat(flights.size()).isEqualTo(250_000);
        assertThat(flights.at(0)).isEqualTo(new Flight(0, "2001-01-01T00:01", "LAS", "PHL", 2176, 33));
        assertThat(flights.at(2)).isEqualTo(new Flight(2, "2001-01-01T00:10", "PHX", "DTW", 1671, 0));
    }

    @Test
    void flightsAreReplayedFromTheFirstOnWithNumbersThatGoOn() throws IOException {
        Flights flights = Flights.load();

        assertThat(flights.at(750_000)).isEqualTo(new Flight(750_000, "2001-01-01T00:01", "LAS", "PHL", 2176, 33));
        assertThat(flights.at(249_999)).isEqualTo(new Flight(249_999, "2001-06-30T23:58", "DFW", "ATL", 732, 104));
    }

    @Test
    void thereAre3376AirportsAndThoseOfEveryFlightAreAmongThem() throws IOException {
        Airports airports = Airports.load();
        Flights flights = Flights.load();

        assertThat(airports.size()).isEqualTo(3_376);
        assertThat(RouteTally.reference(flights, flights.size(), airports).totals())
                .hasSize(3_347);
    }

    @Test
    void reportedDistancesAreWithinTwoPercentOfTheGreatCircle() throws IOException {
        Airports airports = Airports.load();
        Flights flights = Flights.load();

        for (int sequence = 0; sequence < flights.size(); sequence++) {
            Flight flight = flights.at(sequence);
            double miles = airports.metres(flight.origin(), flight.destination()) / 1609.344;
            assertThat(miles / flight.distanceMiles()).as("%s", flight).isBetween(0.98, 1.02);
        }
    }

    @Test
    void anUnknownAirportIsNamed() throws IOException {
        Airports airports = Airports.load();

        assertThatThrownBy(() -> airports.metres("JFK", "???"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no airport is called \"???\"");
    }

    @Test
    void fieldsInQuotesMayHoldCommasAndQuotes() {
        assertThat(CsvResource.fields("a,\"b, c\",\"d \"\"e\"\"\",,f"))
                .isEqualTo(List.of("a", "b, c", "d \"e\"", "", "f"));
        assertThat(CsvResource.fields("a,b,,")).isEqualTo(List.of("a", "b", "", ""));
    }

    @Test
    void aFileWithAnotherHeaderIsRefused() {
        assertThatThrownBy(() -> CsvResource.read("airports.csv.gz", "code,name", fields -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("airports.csv.gz begins with \"iata,name")
                .hasMessageContaining("instead of \"code,name\"");
    }
}
