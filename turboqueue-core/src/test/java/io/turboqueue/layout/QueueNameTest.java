package io.turboqueue.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueNameTest {

    private static final String ALLOWED =
            "\" is not allowed: use a-z, 0-9, _ and - in parts joined by dots, each starting"
                    + " with a letter or digit, at most 100 characters, and not owners or turboqueue.json";

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(
            strings = {
                "q",
                "0",
                "flights",
                "flights.by-route",
                "a.b.c.d",
                "a-b_c",
                "a-",
                "a_",
                "2026-11-21",
                "owners.x",
                "x.owners",
                "owners-",
                "queue.json",
                "ready",
                "dead",
                "con",
                "turboqueue.json.x",
                "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
            })
    void aGoodNameIsItsOwnText(String text) {
        assertThat(QueueName.isValid(text)).isTrue();
        assertThat(new QueueName(text)).hasToString(text);
    }

    static Stream<Arguments> badNames() {
        return Stream.of(
                bad("empty", ""),
                bad("space", " "),
                bad("dot", "."),
                bad("dots", ".."),
                bad("way out", "../x"),
                bad("way out behind a part", "a/../../x"),
                bad("path", "a/b"),
                bad("absolute path", "/etc"),
                bad("back slash", "a\\b"),
                bad("drive", "c:x"),
                bad("hidden", ".a"),
                bad("dot at the end", "a."),
                bad("two dots", "a..b"),
                bad("hyphen first", "-a"),
                bad("hyphen first in a part", "a.-b"),
                bad("underscore first", "_a"),
                bad("upper case", "Flights"),
                bad("upper case inside", "fLights"),
                bad("space inside", "a b"),
                bad("space behind", "a "),
                bad("line feed behind", "a\n"),
                bad("tab", "a\tb"),
                bad("NUL", "a\0b"),
                bad("NUL behind", "a\0"),
                bad("question mark", "a?b"),
                bad("asterisk", "a*"),
                bad("percent", "a%2e"),
                bad("colon", "a:b"),
                bad("tilde, the separator in an owner directory", "a~b"),
                bad("home", "~root"),
                bad("umlaut", "fl\u00fcge"),
                bad("dotless i", "fl\u0131ghts"),
                bad("long s", "flight\u017f"),
                bad("Arabic digit", "a\u0661"),
                bad("full-width letter", "\uff41"),
                bad("emoji", "\ud83d\ude00"),
                bad("combining accent", "e\u0301"),
                bad("folder of the owner directories", "owners"),
                bad("settings file", "turboqueue.json"));
    }

    private static Arguments bad(String why, String text) {
        return Arguments.of(why, text);
    }

    @ParameterizedTest(name = "<{0}>")
    @MethodSource("badNames")
    void whateverElseIsRefusedByNameAndWithWhatIsAllowed(String why, String text) {
        assertThat(QueueName.isValid(text)).as(why).isFalse();
        assertThatThrownBy(() -> new QueueName(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue name \"" + text.replaceAll("[\\n\\t\\x00]", "?") + ALLOWED);
    }

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {101, 200})
    void aNameOfMoreThanAHundredCharactersIsRefused(int length) {
        String text = "q".repeat(length);

        assertThat(QueueName.isValid(text)).isFalse();
        assertThatThrownBy(() -> new QueueName(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue name \"" + text + ALLOWED);
    }

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {300, 100_000})
    void anEndlessNameIsNotShownAsAWhole(int length) {
        String text = "q".repeat(length);

        assertThat(QueueName.isValid(text)).isFalse();
        assertThatThrownBy(() -> new QueueName(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue name \"" + "q".repeat(200) + "... (" + length + " characters)" + ALLOWED);
    }

    @Test
    void noTextWhatsoeverNamesAFolderOutsideOfItsSpool() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "ab0.-_/\\~A \0:%*";
        Path spool = Path.of("/var/spool/turboqueue");
        int valid = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(random.nextBoolean() ? 4 : letters.length())));
            }
            if (QueueName.isValid(text.toString())) {
                valid++;
                Path folder = spool.resolve(text.toString());
                assertThat(folder.normalize()).as("seed %d: %s", seed, text).isEqualTo(folder);
                assertThat(folder.getParent()).as("seed %d: %s", seed, text).isEqualTo(spool);
            }
        }
        assertThat(valid).as("seed %d: names that were valid", seed).isPositive();
    }

    @Test
    void aNameMadeToWearOutTheMatcherIsRefusedAtOnce() {
        assertThat(QueueName.isValid("a.".repeat(1_000_000) + "!")).isFalse();
        assertThat(QueueName.isValid("a".repeat(99) + "!")).isFalse();
        assertThat(QueueName.isValid("a-".repeat(49) + "!")).isFalse();
    }
}
