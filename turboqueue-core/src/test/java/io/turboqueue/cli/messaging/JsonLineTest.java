package io.turboqueue.cli.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.turboqueue.SendOptions;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLineTest {

    private static JsonLine parse(String line) throws IOException {
        return JsonLine.parse(line.getBytes(UTF_8), SendOptions.create());
    }

    @Test
    void payloadsAreTextOrBase64() throws IOException {
        assertThat(parse("{\"payload\":\"gr\\u00fcn\"}").payload()).isEqualTo("grün".getBytes(UTF_8));
        assertThat(parse("{\"payloadBase64\":\"Af8D\"}").payload()).containsExactly(1, 0xff, 3);
        assertThat(parse(" {\"payload\":\"\"} ").payload()).isEmpty();
    }

    @Test
    void whereItCameFromAndEmptyKeysAreIgnored() throws IOException {
        JsonLine line =
                parse("{\"queue\":\"q\",\"batch\":\"b\",\"id\":1,\"state\":\"ready\",\"attempt\":2,\"key\":null,"
                        + "\"headers\":{},\"payload\":\"a\"}");

        assertThat(line.payload()).containsExactly('a');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "rubbish|is not JSON",
                "[]|is not a JSON object",
                "{}|has neither \"payload\" nor \"payloadBase64\"",
                "{\"payload\":1}|has a \"payload\" that is not a string",
                "{\"payload\":\"a\",\"paylod\":1}|has an unknown field \"paylod\"",
                "{\"payload\":\"a\"} {}|has more than one JSON value",
                "{\"payload\":\"a\",\"headers\":[]}|has \"headers\" that are not an object",
                "{\"payload\":\"a\",\"time\":\"noon\"}|has a \"time\" that is not a time",
                "{\"payload\":\"a\"|is not JSON",
                "{\"payload\":\"a\",\"priority\":\"x\"}|priority",
                "{\"payload\":\"a\",\"priority\":10}|priority",
                "{\"payloadBase64\":\"%%\"}|payloadBase64",
                "{\"payload\":\"a\\ud83d\"}|payload is not allowed: it holds an unpaired surrogate",
                "{\"payload\":\"a\",\"key\":\"\\udc00\"}|key is not allowed: it holds an unpaired surrogate",
                "{\"payload\":\"a\",\"headers\":{\"h\":\"\\ud83d\"}}|header \"h\" is not allowed",
                "{\"payload\":\"a\",\"time\":\"+1000000000-12-31T23:59:59Z\"}|is not allowed: it must be from"
            })
    void whatIsWrongIsSaidInWords(String line, String words) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(line)).withMessageContaining(words);
    }
}
