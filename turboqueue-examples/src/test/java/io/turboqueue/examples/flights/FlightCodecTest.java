package io.turboqueue.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.Codec;
import io.turboqueue.Codecs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FlightCodecTest {

    private static final Flight FLIGHT = new Flight(12_345_678_901L, "2001-01-01T00:04", "PIT", "CLT", 366, -92);

    private final FlightCodec codec = new FlightCodec();
    private final Codec<Flight> dataBinding = Codecs.json(Flight.class);

    @Test
    void aFlightIsTheSameAfterwards() throws IOException {
        assertThat(codec.decode(codec.encode(FLIGHT))).isEqualTo(FLIGHT);
    }

    @Test
    void itIsAJsonObjectAndStoredAsText() throws IOException {
        assertThat(new String(codec.encode(FLIGHT), StandardCharsets.UTF_8))
                .isEqualTo("{\"sequence\":12345678901,\"departure\":\"2001-01-01T00:04\",\"origin\":\"PIT\","
                        + "\"destination\":\"CLT\",\"distanceMiles\":366,\"delayMinutes\":-92}");
        assertThat(codec.text(new byte[0])).isTrue();
    }

    @Test
    void dataBindingReadsWhatItWritesAndTheOtherWayRound() throws IOException {
        assertThat(dataBinding.decode(codec.encode(FLIGHT))).isEqualTo(FLIGHT);
        assertThat(codec.decode(dataBinding.encode(FLIGHT))).isEqualTo(FLIGHT);
    }

    @Test
    void whatItDoesNotKnowIsSkipped() throws IOException {
        String json = "{\"crew\":[{\"origin\":\"XXX\"}],\"sequence\":5,\"origin\":\"PIT\"}";

        assertThat(codec.decode(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(new Flight(5, "", "PIT", "", 0, 0));
    }
}
