package io.turboqueue.cli.support;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocaleEncodingTest {

    @Test
    void theLocalesCharsetIsTheOneNamed() {
        assertThat(LocaleEncoding.named("UTF-8")).isEqualTo(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-charset", "not a name", ""})
    void aCharsetThatTheJvmDoesNotHaveIsTakenForAscii(String name) {
        assertThat(LocaleEncoding.named(name)).isEqualTo(US_ASCII);
    }
}
