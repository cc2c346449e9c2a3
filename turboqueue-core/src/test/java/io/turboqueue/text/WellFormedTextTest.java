package io.turboqueue.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WellFormedTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "key",
                "schlüssel",
                "\ud83d\ude00",
                "a\ud83d\ude00\ud83d\ude00b",
                "\ufffd",
                "\u0000",
                "\uffff"
            })
    void whatUtf8HoldsIsItself(String text) {
        assertThat(WellFormedText.require("key", text)).isSameAs(text);
        assertThat(WellFormedText.repaired(text)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\ud800", "\udc00", "ab\ud83d", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83d\ude00\udc00x"})
    void anUnpairedSurrogateIsRefusedOrRepaired(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> WellFormedText.require("key", text));

        String repaired = WellFormedText.repaired(text);
        assertThat(repaired).hasSameSizeAs(text).contains("\ufffd");
        assertThat(new String(repaired.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(repaired);
    }

    @Test
    void theErrorNamesTheTextAndThePlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WellFormedText.require("key", "ab\udfffc"))
                .withMessage(
                        "key is not allowed: it holds an unpaired surrogate, U+DFFF, at index 2, which UTF-8 cannot"
                                + " hold");
    }

    @Test
    void allButTheUnpairedOnesStay() {
        assertThat(WellFormedText.repaired("\ud800\ud83d\ude00\udc00")).isEqualTo("\ufffd\ud83d\ude00\ufffd");
    }
}
