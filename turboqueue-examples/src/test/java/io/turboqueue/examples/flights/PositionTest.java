package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionTest {

    /** On a sphere with a radius of 6,371,008.8 m, a degree of a great circle is 111,195.08 m. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0, 0",
        "0, 0, 0, 1, 111195",
        "0, 0, 1, 0, 111195",
        "0, 179, 0, -179, 222390",
        "89, 0, 89, 180, 222390",
        "0, 0, 0, 90, 10007557",
        "90, 0, -90, 0, 20015114",
        "45, 100, -45, -80, 20015114",
        // Nashville to Los Angeles, the usual example of the haversine formula: 2886.444 km for a radius of 6371.0
        "36.12, -86.67, 33.94, -118.40, 2886448",
    })
    void distanceIsThatOfTheGreatCircle(double lat1, double lon1, double lat2, double lon2, long metres) {
        Position from = Position.of(lat1, lon1);
        Position to = Position.of(lat2, lon2);

        assertThat(from.metresTo(to)).isEqualTo(metres);
        assertThat(to.metresTo(from)).isEqualTo(metres);
    }

    @Test
    void smallDistancesAreExact() {
        assertThat(Position.of(40, -75).metresTo(Position.of(40.00001, -75))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"90.1, 0, latitude 90.1", "NaN, 0, latitude NaN", "0, -180.5, longitude -180.5", "0, NaN, longitude NaN"
    })
    void aPlaceThatIsNotOnTheGlobeIsRefused(double latitude, double longitude, String named) {
        assertThatThrownBy(() -> Position.of(latitude, longitude))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named);
    }
}
