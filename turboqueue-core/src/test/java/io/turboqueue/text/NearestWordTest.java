package io.turboqueue.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.turboqueue.config.Setting;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {

    private static final List<String> KEYS =
            Arrays.stream(Setting.values()).map(Setting::key).toList();

    @ParameterizedTest(name = "{0} was meant to be {1}")
    @CsvSource({
        "batch.maxMesages,          batch.maxMessages",
        "batch.maxmessages,         batch.maxMessages",
        "BATCH.MAXMESSAGES,         batch.maxMessages",
        "batch.max_messages,        batch.maxMessages",
        "maxMessages,               batch.maxMessages",
        "batch.maxByte,             batch.maxBytes",
        "batch.lingerr,             batch.linger",
        "linger,                    engine",
        "durabilty,                 durability",
        "engin,                     engine",
        "delivery.maxAttempt,       delivery.maxAttempts",
        "backpressure.whenfull,     backpressure.whenFull",
        "backpresure.maxReadyBytes, backpressure.maxReadyBytes",
        "allow.networkFilesystem,   allow.networkFileSystem"
    })
    void theWordWithTheFewestChangedLettersIsProposed(String typed, String meant) {
        assertThat(NearestWord.to(typed, KEYS)).isEqualTo(meant);
    }

    @Test
    void anExactWordIsItself() {
        for (String key : KEYS) {
            assertThat(NearestWord.to(key, KEYS)).isEqualTo(key);
        }
    }

    @Test
    void anyTextHasSomeAnswerSoon() {
        assertThat(NearestWord.to("", KEYS)).isIn(KEYS);
        assertThat(NearestWord.to("x".repeat(10_000_000), KEYS)).isIn(KEYS);
        assertThat(NearestWord.to("\ud83d\ude00", KEYS)).isIn(KEYS);
    }
}
