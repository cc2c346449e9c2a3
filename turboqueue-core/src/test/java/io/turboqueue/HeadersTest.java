package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersTest {

    @Test
    void noHeadersAreNoText() {
        assertThat(Headers.format(Map.of())).isNull();
        assertThat(Headers.parse(null)).isEmpty();
    }

    @Test
    void whatIsFormattedIsParsed() {
        Map<String, String> headers = Map.of("a", "1", "quote\"", "back\\slash", "", "\u0000");
        assertThat(Headers.parse(Headers.format(headers))).isEqualTo(headers);
    }

    @Test
    void aFailureAddsErrorAndAttemptToWhatIsThere() {
        String json = Headers.failed("{\"h\":\"v\",\"turboqueue.attempt\":\"1\"}", new IOException("disk on fire"), 2);
        assertThat(Headers.parse(json))
                .isEqualTo(Map.of("h", "v", Headers.ATTEMPT, "2", Headers.ERROR, "java.io.IOException: disk on fire"));
    }

    @Test
    void anErrorIsOneLineOfBoundedLength() {
        String json = Headers.failed(null, new IOException("line 1\r\nline 2\t" + "x".repeat(5000)), 1);
        assertThat(Headers.parse(json).get(Headers.ERROR))
                .startsWith("java.io.IOException: line 1 line 2 xxx")
                .hasSize(1000)
                .doesNotContain("\n", "\r", "\t");
    }

    @Test
    void anErrorWithoutAMessageIsItsType() {
        assertThat(Headers.parse(Headers.failed(null, new IllegalStateException(), 1)))
                .containsEntry(Headers.ERROR, "java.lang.IllegalStateException");
    }

    @Test
    void headersOfAnotherProgramMayHoldAnyJson() {
        assertThat(Headers.parse("{\"n\":1,\"b\":true,\"o\":{\"x\":[]},\"z\":null}"))
                .isEqualTo(Map.of("n", "1", "b", "true", "o", "{\"x\":[]}", "z", "null"));
        assertThat(Headers.parse("[".repeat(100_000))).isEmpty();
    }
}
