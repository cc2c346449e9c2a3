package io.turboqueue.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What users have in their files and scripts: keys, variables, defaults and limits change only on purpose. */
class SettingTest {

    static Stream<Arguments> settings() {
        return Stream.of(
                setting("batch.maxMessages", "BATCH_MAX_MESSAGES", "10000", "a whole number from 1 to 1000000"),
                setting("batch.maxBytes", "BATCH_MAX_BYTES", "8MiB", "a size from 1KiB to 1GiB" + SIZES),
                setting("batch.linger", "BATCH_LINGER", "1s", "a time from 1ms to 1d" + TIMES),
                setting(
                        "backpressure.maxReadyBatches",
                        "BACKPRESSURE_MAX_READY_BATCHES",
                        "1000",
                        "a whole number from 1 to 1000000"),
                setting(
                        "backpressure.maxReadyBytes",
                        "BACKPRESSURE_MAX_READY_BYTES",
                        "off",
                        "a size from 1KiB to 1024TiB" + SIZES + OR_OFF),
                setting(
                        "backpressure.whenFull",
                        "BACKPRESSURE_WHEN_FULL",
                        "block",
                        "one of block, fail, dropOldest, dropNewest"),
                setting(
                        "backpressure.blockTimeout",
                        "BACKPRESSURE_BLOCK_TIMEOUT",
                        "off",
                        "a time from 1ms to 365d" + TIMES + OR_OFF),
                setting("delivery.maxAttempts", "DELIVERY_MAX_ATTEMPTS", "5", "a whole number from 1 to 1000"),
                setting("delivery.retryBackoff", "DELIVERY_RETRY_BACKOFF", "1s", "a time from 0s to 1d" + TIMES),
                setting(
                        "delivery.checkpointInterval",
                        "DELIVERY_CHECKPOINT_INTERVAL",
                        "1s",
                        "a time from 0s to 1h" + TIMES),
                setting(
                        "delivery.maxProcessingTime",
                        "DELIVERY_MAX_PROCESSING_TIME",
                        "off",
                        "a time from 100ms to 365d" + TIMES + OR_OFF),
                setting(
                        "delivery.maxBatchMemory",
                        "DELIVERY_MAX_BATCH_MEMORY",
                        "64MiB",
                        "a size from 1MiB to 1TiB" + SIZES),
                setting(
                        "delivery.recoveryInterval",
                        "DELIVERY_RECOVERY_INTERVAL",
                        "5s",
                        "a time from 100ms to 1h" + TIMES),
                setting("close.timeout", "CLOSE_TIMEOUT", "10s", "a time from 0s to 1h" + TIMES),
                setting("durability", "DURABILITY", "process", "one of process, power"),
                setting("allow.networkFileSystem", "ALLOW_NETWORK_FILE_SYSTEM", "false", "true or false"),
                setting("allow.othersWriting", "ALLOW_OTHERS_WRITING", "false", "true or false"));
    }

    private static final String SIZES = ", such as \"512KiB\" or \"8MiB\"";
    private static final String TIMES = ", such as \"500ms\" or \"2m\"";
    private static final String OR_OFF = ", or \"off\"";

    private static Arguments setting(String key, String variable, String standard, String allowed) {
        return Arguments.of(key, variable, standard, allowed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void aSettingHasAKeyAPropertyAVariableADefaultAndLimits(
            String key, String variable, String standard, String allowed) {
        Setting setting = Setting.of(key).orElseThrow();

        assertThat(setting.key()).isEqualTo(key);
        assertThat(setting.property()).isEqualTo("turboqueue." + key);
        assertThat(setting.variable()).isEqualTo("TURBOQUEUE_" + variable);
        assertThat(setting.defaultText()).isEqualTo(standard);
        assertThat(setting.kind().allowed()).isEqualTo(allowed);
    }

    @Test
    void theTableHasEverySettingButTheEngineWhoseChoicesGrow() {
        assertThat(settings().map(row -> row.get()[0]))
                .containsExactlyElementsOf(Arrays.stream(Setting.values())
                        .map(Setting::key)
                        .filter(key -> !key.equals("engine"))
                        .toList());
        assertThat(Setting.ENGINE.key()).isEqualTo("engine");
        assertThat(Setting.ENGINE.variable()).isEqualTo("TURBOQUEUE_ENGINE");
    }

    @Test
    void everyDefaultIsAllowedAndWrittenAsItIsRead() {
        for (Setting setting : Setting.values()) {
            Object value = setting.kind().parse(setting.defaultText());
            assertThat(setting.kind().format(value)).as(setting.key()).isEqualTo(setting.defaultText());
        }
    }

    @ParameterizedTest(name = "{0} = \"{1}\" is \"{2}\"")
    @CsvSource({
        "batch.maxMessages,          ' 7 ',      7",
        "batch.maxMessages,          1,          1",
        "batch.maxMessages,          1000000,    1000000",
        "batch.maxBytes,             1k,         1KiB",
        "batch.maxBytes,             1073741824, 1GiB",
        "batch.linger,               1000us,     1ms",
        "batch.linger,               24h,        1d",
        "backpressure.maxReadyBytes, OFF,        off",
        "backpressure.maxReadyBytes, ' off ',    off",
        "backpressure.maxReadyBytes, 1PiB,       ''",
        "backpressure.maxReadyBytes, 1024TiB,    1024TiB",
        "backpressure.whenFull,      DROPOLDEST, dropOldest",
        "backpressure.whenFull,      ' fail ',   fail",
        "delivery.retryBackoff,      0,          0s",
        "delivery.maxProcessingTime, 0.1s,       100ms",
        "durability,                 Power,      power",
        "allow.othersWriting,        TRUE,       true"
    })
    void textBecomesAValueAndTheValueItsCanonicalText(String key, String text, String canonical) {
        ValueKind kind = Setting.of(key).orElseThrow().kind();
        String found;
        try {
            found = kind.format(kind.parse(text));
        } catch (IllegalArgumentException refused) {
            found = "";
        }

        assertThat(found).isEqualTo(canonical);
    }

    @Test
    void keysAreKnownInOneSpellingOnly() {
        assertThat(Setting.of("batch.linger")).contains(Setting.BATCH_LINGER);
        assertThat(Setting.of("Batch.linger")).isEmpty();
        assertThat(Setting.of("BATCH_LINGER")).isEmpty();
        assertThat(Setting.of("")).isEmpty();
    }
}
