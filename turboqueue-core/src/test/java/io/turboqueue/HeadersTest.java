package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.batch.StoredMessage;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static final String OWN = "\"turboqueue.id\":\"b/1\",\"turboqueue.attempt\":\"2\","
            + "\"turboqueue.error\":\"java.io.IOException: disk on fire\"}";

    private static String failed(@Nullable String headers, Throwable error) {
        StoredMessage message = new StoredMessage(0, null, headers, new byte[0], true);
        Headers.Failure failure = new Headers.Failure(Headers.describe(error), 2, "b/1");
        return String.valueOf(Headers.failed(message, failure).headers());
    }

    private static String failed(@Nullable String headers) {
        return failed(headers, new IOException("disk on fire"));
    }

    @Test
    void aFailureAddsTheQueuesOwnHeadersToWhatIsThere() {
        assertThat(failed(null)).isEqualTo("{" + OWN);
        assertThat(failed("{}")).isEqualTo("{" + OWN);
        assertThat(failed("{\"h\":\"v\",\"turboqueue.attempt\":\"1\"}")).isEqualTo("{\"h\":\"v\"," + OWN);
        assertThat(failed(failed("{\"h\":\"v\"}"))).isEqualTo(failed("{\"h\":\"v\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":1,\"f\":1.50,\"e\":1e400,\"long\":123456789012345678901234567890",
                "\"t\":true,\"f\":false,\"z\":null",
                "\"o\":{ \"a\" : [ 1, {} ] },\"a\":[],\"s\":\"\\u00e9\\/ \\ud83d\"",
                "\"twice\":1,\"twice\":2",
                "\"\":\"\"",
            })
    void whatWasWrittenStaysAsItWasWritten(String fields) {
        assertThat(failed("{" + fields + "}")).isEqualTo("{" + fields + "," + OWN);
        assertThat(failed("\n{ " + fields + "\t}\r\n ")).isEqualTo("{" + fields + "," + OWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"not json", "", "[1,2]", "3", "null", "\"text\"", "{\"a\": ", "{\"a\": 1} trailing", "{a:1}"})
    void whatIsNoObjectIsCarriedBesideHoweverOftenItFails(String headers) {
        String once = failed(headers);

        assertThat(Headers.parse(once)).containsEntry(Headers.HEADERS, headers).hasSize(4);
        assertThat(failed(once)).isEqualTo(once);
        assertThat(Headers.parse(headers)).isEqualTo(Map.of(Headers.HEADERS, headers));
    }

    @Test
    void whatIsNoTextIsCarriedInBase64() {
        assertThat(Headers.object("\ufffd", new byte[] {(byte) 0xff}))
                .isEqualTo("{\"turboqueue.headersBase64\":\"/w==\"}");
        assertThat(Headers.parse(failed("\0".repeat(1000)))).containsKey(Headers.HEADERS_BASE64);
    }

    @Test
    void headersMayBeLargerThanJacksonLikesThem() {
        String large = "x".repeat(21 << 20);
        String json = "{\"large\":\"" + large + "\",\"digits\":" + "1".repeat(2000) + ",\"deep\":" + "[".repeat(5000)
                + "]".repeat(5000) + ",\"" + "n".repeat(60_000) + "\":1}";

        assertThat(Headers.parse(json).get("large")).hasSize(21 << 20);
        assertThat(failed(json))
                .startsWith(json.substring(0, json.length() - 1))
                .endsWith("," + OWN);
    }

    @Test
    void headersKeepTheirOrder() {
        assertThat(Headers.parse("{\"z\":\"1\",\"a\":\"2\",\"m\":\"3\"}"))
                .containsExactly(Map.entry("z", "1"), Map.entry("a", "2"), Map.entry("m", "3"));
    }

    @Test
    void failuresAreCountedWhereTheyAreCounted() {
        assertThat(Headers.failures(null)).isZero();
        assertThat(Headers.failures("{\"turboqueue.attempt\":\"7\"}")).isEqualTo(7);
        assertThat(Headers.failures("{\"turboqueue.attempt\":3}")).isEqualTo(3);
        assertThat(Headers.failures("{\"turboqueue.attempt\":\"many\"}")).isZero();
        assertThat(Headers.failures("{\"turboqueue.attempt\":\"-1\"}")).isZero();
        assertThat(Headers.failures("turboqueue.attempt")).isZero();
    }

    @Test
    void anErrorIsOneLineOfBoundedLength() {
        assertThat(Headers.parse(failed(null, new IOException("line 1\r\nline 2\t" + "x".repeat(5000))))
                        .get(Headers.ERROR))
                .startsWith("java.io.IOException: line 1 line 2 xxx")
                .hasSize(1000)
                .doesNotContain("\n", "\r", "\t");
    }

    @Test
    void anErrorThatIsCutInsideASurrogatePairCanStillBeStored() {
        assertThat(Headers.parse(failed(null, new IOException("x".repeat(1000 - 22) + "\ud83d\ude00")))
                        .get(Headers.ERROR))
                .hasSize(1000)
                .endsWith("x\ufffd");
    }

    @Test
    void anErrorWithoutAMessageIsItsType() {
        assertThat(Headers.parse(failed(null, new IllegalStateException())))
                .containsEntry(Headers.ERROR, "java.lang.IllegalStateException");
    }

    @Test
    @SuppressWarnings("OverrideThrowableToString") // that it throws is the point
    void anErrorThatCannotBeDescribedIsItsType() {
        Throwable silent = new IOException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no words");
            }
        };
        assertThat(Headers.describe(silent)).isEqualTo(silent.getClass().getName());
    }

    @Test
    void headersOfAnotherProgramMayHoldAnyJson() {
        assertThat(Headers.parse("{\"n\":1,\"b\":true,\"o\":{\"x\":[]},\"z\":null}"))
                .isEqualTo(Map.of("n", "1", "b", "true", "o", "{\"x\":[]}", "z", "null"));
        assertThat(Headers.parse("[".repeat(100_000))).containsOnlyKeys(Headers.HEADERS);
    }
}
