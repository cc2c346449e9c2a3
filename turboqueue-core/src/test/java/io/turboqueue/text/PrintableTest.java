package io.turboqueue.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\u00fc \u65e5\u672c\u8a9e \ud83d\ude00", "\"quoted\" \\ %s {}", "12 KiB"})
    void whatCanBeShownIsShownAsItIs(String text) {
        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0", "\u001b", "\n", "\r", "\t", "\u0007", "\u007f", "\u202e", "\u200b", "\u2028", "\u2029", "\ufeff"
            })
    void whatCouldForgeALineOrTurnTextAroundIsNot(String text) {
        assertThat(Printable.of("a" + text + "b")).isEqualTo("a?b");
    }

    @Test
    void theControlCharactersBehindAsciiAreNotShownEither() {
        assertThat(Printable.of("a\u0085b\u009bc")).isEqualTo("a?b?c");
    }

    @Test
    void anEndlessTextIsCutAndItsLengthTold() {
        assertThat(Printable.of("x".repeat(200))).isEqualTo("x".repeat(200));
        assertThat(Printable.of("x".repeat(201))).isEqualTo("x".repeat(200) + "... (201 characters)");
    }

    @Test
    void noTextIsAWordToo() {
        assertThat(Printable.of(null)).isEqualTo("null");
    }
}
