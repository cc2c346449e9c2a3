package io.turboqueue.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

    private static final String KEYS = "batch.maxMessages, batch.maxBytes, batch.linger, backpressure.maxReadyBatches,"
            + " backpressure.maxReadyBytes, backpressure.whenFull, backpressure.blockTimeout, delivery.maxAttempts,"
            + " delivery.retryBackoff, delivery.checkpointInterval, delivery.maxProcessingTime,"
            + " delivery.maxBatchMemory, delivery.recoveryInterval, close.timeout, durability, engine,"
            + " allow.networkFileSystem, allow.othersWriting";
    private static final String VARIABLES = "TURBOQUEUE_BATCH_MAX_MESSAGES, TURBOQUEUE_BATCH_MAX_BYTES,"
            + " TURBOQUEUE_BATCH_LINGER, TURBOQUEUE_BACKPRESSURE_MAX_READY_BATCHES,"
            + " TURBOQUEUE_BACKPRESSURE_MAX_READY_BYTES, TURBOQUEUE_BACKPRESSURE_WHEN_FULL,"
            + " TURBOQUEUE_BACKPRESSURE_BLOCK_TIMEOUT, TURBOQUEUE_DELIVERY_MAX_ATTEMPTS,"
            + " TURBOQUEUE_DELIVERY_RETRY_BACKOFF, TURBOQUEUE_DELIVERY_CHECKPOINT_INTERVAL,"
            + " TURBOQUEUE_DELIVERY_MAX_PROCESSING_TIME, TURBOQUEUE_DELIVERY_MAX_BATCH_MEMORY,"
            + " TURBOQUEUE_DELIVERY_RECOVERY_INTERVAL,"
            + " TURBOQUEUE_CLOSE_TIMEOUT, TURBOQUEUE_DURABILITY, TURBOQUEUE_ENGINE,"
            + " TURBOQUEUE_ALLOW_NETWORK_FILE_SYSTEM, TURBOQUEUE_ALLOW_OTHERS_WRITING";

    @TempDir
    Path folder;

    private static String fault(SettingsLoader loader) {
        Throwable thrown = catchThrowable(loader::load);
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        return String.valueOf(thrown.getMessage());
    }

    @Test
    void theNearerToTheCodeWins() throws IOException {
        Path spool = Files.writeString(folder.resolve("turboqueue.json"), """
                {"batch": {"maxMessages": 1, "maxBytes": "1KiB", "linger": "1ms"}, "delivery": {"maxAttempts": 1,
                "retryBackoff": "1ms"}}
                """);
        Path queue = Files.writeString(folder.resolve("queue.json"), """
                {"batch": {"maxBytes": "2KiB", "linger": "2ms"}, "delivery": {"maxAttempts": 2, "retryBackoff": "2ms"}}
                """);
        Map<String, String> environment = Map.of(
                "TURBOQUEUE_BATCH_LINGER", "3ms",
                "TURBOQUEUE_DELIVERY_MAX_ATTEMPTS", "3",
                "TURBOQUEUE_DELIVERY_RETRY_BACKOFF", "3ms");
        Map<String, String> properties =
                Map.of("turboqueue.delivery.maxAttempts", "4", "turboqueue.delivery.retryBackoff", "4ms");
        Settings builder =
                new SettingsLoader().set("delivery.retryBackoff", "5ms").load();

        Settings settings = new SettingsLoader()
                .file(spool)
                .queueFile(queue)
                .environment(environment)
                .properties(properties)
                .queueOverrides(builder)
                .load();

        assertThat(settings.resolved(Setting.MAX_READY_BATCHES)).isEqualTo(resolved(1000, Layer.DEFAULT, "default"));
        assertThat(settings.resolved(Setting.BATCH_MAX_MESSAGES))
                .isEqualTo(resolved(1, Layer.SPOOL_FILE, spool.toString()));
        assertThat(settings.resolved(Setting.BATCH_MAX_BYTES))
                .isEqualTo(resolved(2048L, Layer.QUEUE_FILE, queue.toString()));
        assertThat(settings.resolved(Setting.BATCH_LINGER))
                .isEqualTo(resolved(Duration.ofMillis(3), Layer.ENVIRONMENT, "environment TURBOQUEUE_BATCH_LINGER"));
        assertThat(settings.resolved(Setting.MAX_ATTEMPTS))
                .isEqualTo(resolved(4, Layer.PROPERTY, "system property turboqueue.delivery.maxAttempts"));
        assertThat(settings.resolved(Setting.RETRY_BACKOFF))
                .isEqualTo(resolved(Duration.ofMillis(5), Layer.BUILDER, "builder"));
    }

    private static Settings.Resolved resolved(Object value, Layer layer, String origin) {
        return new Settings.Resolved(value, layer, origin);
    }

    @Test
    void withoutAnyLayerEverythingIsAtItsDefault() {
        Settings settings = new SettingsLoader().load();

        assertThat(settings.all()).hasSize(Setting.values().length).allSatisfy((setting, resolved) -> {
            assertThat(resolved.origin()).isEqualTo("default");
            assertThat(settings.text(setting)).isEqualTo(setting.defaultText());
        });
        assertThat(settings.get(Setting.BATCH_MAX_BYTES, Long.class)).isEqualTo(8L << 20);
        assertThat(settings.optional(Setting.MAX_READY_BYTES, Long.class)).isNull();
        assertThatThrownBy(() -> settings.get(Setting.MAX_READY_BYTES, Long.class))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("backpressure.maxReadyBytes");
    }

    @Test
    void whatABuilderSetsToTheDefaultStillOverridesTheOtherLayers() {
        Settings builder = new SettingsLoader().set("batch.linger", "1s").load();

        Settings settings = new SettingsLoader()
                .properties(Map.of("turboqueue.batch.linger", "2s"))
                .overrides(builder)
                .load();

        assertThat(settings.resolved(Setting.BATCH_LINGER))
                .isEqualTo(resolved(Duration.ofSeconds(1), Layer.BUILDER, "builder"));
    }

    @Test
    void anInnerLayerCanSwitchOffWhatAnOuterOneLimits() {
        Settings settings = new SettingsLoader()
                .environment(Map.of("TURBOQUEUE_DELIVERY_MAX_PROCESSING_TIME", "1m"))
                .properties(Map.of("turboqueue.delivery.maxProcessingTime", "off"))
                .load();

        assertThat(settings.optional(Setting.MAX_PROCESSING_TIME, Duration.class))
                .isNull();
        assertThat(settings.text(Setting.MAX_PROCESSING_TIME)).isEqualTo("off");
        assertThat(settings.resolved(Setting.MAX_PROCESSING_TIME).origin())
                .isEqualTo("system property turboqueue.delivery.maxProcessingTime");
    }

    @Test
    void everySettingHasAVariable() {
        SettingsLoader loader = new SettingsLoader();
        for (Setting setting : Setting.values()) {
            loader.environment(Map.of(setting.variable(), setting.defaultText()));
        }

        assertThat(loader.load().all()).allSatisfy((setting, resolved) -> assertThat(resolved.origin())
                .isEqualTo("environment " + setting.variable()));
    }

    @Test
    void variablesOfOthersAndOfTheCommandLineAreNoSettings() {
        Settings settings = new SettingsLoader()
                .environment(Map.of(
                        "PATH", "/bin",
                        "turboqueue_batch_linger", "never",
                        "TURBOQUEUE", "x",
                        "MY_TURBOQUEUE_BATCH_LINGER", "never",
                        "TURBOQUEUE_SPOOL", "/var/spool/turboqueue",
                        "TURBOQUEUE_OPTS", "-Xmx1g"))
                .load();

        assertThat(settings.all().values())
                .extracting(Settings.Resolved::origin)
                .containsOnly("default");
    }

    @Test
    void variablesThatKubernetesSetsForAServiceOfThatNameAreNoSettings() {
        Settings settings = new SettingsLoader()
                .environment(Map.of(
                        "TURBOQUEUE_SERVICE_HOST", "10.0.0.1",
                        "TURBOQUEUE_SERVICE_PORT", "80",
                        "TURBOQUEUE_SERVICE_PORT_HTTP", "80",
                        "TURBOQUEUE_PORT", "tcp://10.0.0.1:80",
                        "TURBOQUEUE_PORT_80_TCP", "tcp://10.0.0.1:80",
                        "TURBOQUEUE_PORT_80_TCP_ADDR", "10.0.0.1",
                        "TURBOQUEUE_METRICS_SERVICE_HOST", "10.0.0.2",
                        "TURBOQUEUE_METRICS_PORT_9090_TCP_PROTO", "tcp"))
                .load();

        assertThat(settings.all().values())
                .extracting(Settings.Resolved::origin)
                .containsOnly("default");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"delivery.recoveryInterval", "close.timeout", "allow.networkFileSystem", "allow.othersWriting"})
    void aSettingOfTheSpoolCannotBeSetByAQueue(String key) throws IOException {
        Setting setting = Setting.of(key).orElseThrow();
        Path file =
                Files.writeString(folder.resolve("queue.json"), "{\"" + key + "\": \"" + setting.defaultText() + "\"}");
        Settings builder = new SettingsLoader().set(key, setting.defaultText()).load();

        assertThat(fault(new SettingsLoader().queueFile(file)))
                .isEqualTo("setting " + key + " (" + file
                        + ") is of the whole spool: set it in the spool's turboqueue.json");
        assertThat(fault(new SettingsLoader().queueOverrides(builder)))
                .isEqualTo(
                        "setting " + key + " (builder) is of the whole spool: set it in the spool's turboqueue.json");
        assertThat(new SettingsLoader()
                        .file(file)
                        .overrides(builder)
                        .load()
                        .resolved(setting)
                        .origin())
                .isEqualTo("builder");
    }

    @Test
    void propertiesOfOthersAreNoSettings() {
        Settings settings = new SettingsLoader()
                .properties(Map.of("java.home", "x", "io.turboqueue.owner:/a", "", "Turboqueue.batch.linger", "never"))
                .load();

        assertThat(settings.all().values())
                .extracting(Settings.Resolved::origin)
                .containsOnly("default");
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearestKnownOne() {
        assertThat(fault(new SettingsLoader().set("batch.maxMesages", "5")))
                .isEqualTo("unknown setting batch.maxMesages = \"5\" (builder); did you mean batch.maxMessages? Known: "
                        + KEYS);
    }

    @Test
    void anUnknownVariableIsNamedWithTheNearestKnownOne() {
        assertThat(fault(new SettingsLoader().environment(Map.of("TURBOQUEUE_BATCH_LINGERS", "5s"))))
                .isEqualTo("unknown setting TURBOQUEUE_BATCH_LINGERS = \"5s\" (environment TURBOQUEUE_BATCH_LINGERS);"
                        + " did you mean TURBOQUEUE_BATCH_LINGER? Known: " + VARIABLES);
    }

    @Test
    void anUnknownPropertyIsAWarningWithTheNearestKnownOneSinceOthersShareThePrefix() {
        Settings settings = new SettingsLoader()
                .properties(Map.of("turboqueue.durabilty", "power", "turboqueue.engine", "jdbc"))
                .load();

        assertThat(settings.warnings())
                .containsExactly(
                        "system property turboqueue.durabilty is ignored, since there is no such setting; did you"
                                + " mean turboqueue.durability?");
        assertThat(settings.text(Setting.DURABILITY)).isEqualTo("process");
        assertThat(settings.text(Setting.ENGINE)).isEqualTo("jdbc");
    }

    @Test
    void aPropertyThatIsASettingMustHaveAnAllowedValue() {
        assertThat(fault(new SettingsLoader().properties(Map.of("turboqueue.engine", ""))))
                .startsWith("setting engine = \"\" (system property turboqueue.engine) must be");
    }

    @Test
    void anEmptyVariableCountsAsUnset() {
        Settings settings = new SettingsLoader()
                .environment(Map.of("TURBOQUEUE_ENGINE", "", "TURBOQUEUE_BATCH_LINGERS", ""))
                .load();

        assertThat(settings.resolved(Setting.ENGINE)).isEqualTo(resolved("pages", Layer.DEFAULT, "default"));
        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0} = \"{1}\"")
    @CsvSource(
            delimiter = '|',
            value = {
                "batch.maxMessages            | 0                    | a whole number from 1 to 1000000",
                "batch.maxMessages            | 1000001              | a whole number from 1 to 1000000",
                "batch.maxMessages            | -1                   | a whole number from 1 to 1000000",
                "batch.maxMessages            | 99999999999999999999 | a whole number from 1 to 1000000",
                "batch.maxMessages            | 1e3                  | a whole number from 1 to 1000000",
                "batch.maxMessages            | 5000.0               | a whole number from 1 to 1000000",
                "batch.maxMessages            | 10k                  | a whole number from 1 to 1000000",
                "batch.maxMessages            | true                 | a whole number from 1 to 1000000",
                "batch.maxMessages            | ''                   | a whole number from 1 to 1000000",
                "batch.maxMessages            | off                  | a whole number from 1 to 1000000",
                "batch.maxBytes               | 1023                 | a size from 1KiB to 1GiB, such as \"512KiB\" or \"8MiB\"",
                "batch.maxBytes               | 1073741825           | a size from 1KiB to 1GiB, such as \"512KiB\" or \"8MiB\"",
                "batch.maxBytes               | 8s                   | a size from 1KiB to 1GiB, such as \"512KiB\" or \"8MiB\"",
                "batch.maxBytes               | 99999999TiB          | a size from 1KiB to 1GiB, such as \"512KiB\" or \"8MiB\"",
                "batch.linger                 | 999us                | a time from 1ms to 1d, such as \"500ms\" or \"2m\"",
                "batch.linger                 | 25h                  | a time from 1ms to 1d, such as \"500ms\" or \"2m\"",
                "batch.linger                 | 0                    | a time from 1ms to 1d, such as \"500ms\" or \"2m\"",
                "batch.linger                 | 1000                 | a time from 1ms to 1d, such as \"500ms\" or \"2m\"",
                "batch.linger                 | 1000000d             | a time from 1ms to 1d, such as \"500ms\" or \"2m\"",
                "backpressure.maxReadyBatches | 0                    | a whole number from 1 to 1000000",
                "backpressure.maxReadyBytes   | 1                    | a size from 1KiB to 1024TiB, such as \"512KiB\" or \"8MiB\", or \"off\"",
                "backpressure.whenFull        | explode              | one of block, fail, dropOldest, dropNewest",
                "backpressure.blockTimeout    | 366d                 | a time from 1ms to 365d, such as \"500ms\" or \"2m\", or \"off\"",
                "delivery.maxAttempts         | 1001                 | a whole number from 1 to 1000",
                "delivery.retryBackoff        | -1s                  | a time from 0s to 1d, such as \"500ms\" or \"2m\"",
                "delivery.maxProcessingTime   | 99ms                 | a time from 100ms to 365d, such as \"500ms\" or \"2m\", or \"off\"",
                "delivery.recoveryInterval    | 2h                   | a time from 100ms to 1h, such as \"500ms\" or \"2m\"",
                "delivery.checkpointInterval  | 61m                  | a time from 0s to 1h, such as \"500ms\" or \"2m\"",
                "close.timeout                | -1s                  | a time from 0s to 1h, such as \"500ms\" or \"2m\"",
                "durability                   | none                 | one of process, power",
                "allow.networkFileSystem      | yes                  | true or false",
                "allow.othersWriting          | 1                    | true or false"
            })
    void aValueThatIsNotAllowedIsNamedWithWhatIs(String key, String text, String allowed) {
        assertThat(fault(new SettingsLoader().set(key, text)))
                .isEqualTo("setting " + key + " = \"" + text + "\" (builder) must be " + allowed);
    }

    @Test
    void severalFaultsOfSeveralLayersAreReportedTogetherALineEach() throws IOException {
        Path file = Files.writeString(
                folder.resolve("queue.json"),
                "{\"batch\": {\"linger\": \"1 fortnight\", \"maxMessages\": 0}, \"engine\": []}");
        SettingsLoader loader = new SettingsLoader()
                .file(file)
                .environment(Map.of("TURBOQUEUE_DURABILITY", "maybe"))
                .properties(Map.of("turboqueue.engine", "steam"))
                .set("batch.linger", "2s");

        assertThat(fault(loader).lines())
                .containsExactly(
                        file + ": setting engine must be a text, a number, true or false, not ARRAY",
                        "setting batch.linger = \"1 fortnight\" (" + file
                                + ") must be a time from 1ms to 1d, such as \"500ms\" or \"2m\"",
                        "setting batch.maxMessages = \"0\" (" + file + ") must be a whole number from 1 to 1000000",
                        "setting durability = \"maybe\" (environment TURBOQUEUE_DURABILITY) must be one of process, power",
                        "setting engine = \"steam\" (system property turboqueue.engine) must be one of pages, jdbc");
    }

    @Test
    void aFaultThatANearerLayerOverridesIsStillAFault() {
        SettingsLoader loader = new SettingsLoader()
                .environment(Map.of("TURBOQUEUE_BATCH_LINGER", "soon"))
                .set("batch.linger", "1s");

        assertThat(fault(loader))
                .startsWith("setting batch.linger = \"soon\" (environment TURBOQUEUE_BATCH_LINGER) must be");
    }

    @Test
    void anEndlessValueIsCutShortInTheMessage() {
        assertThat(fault(new SettingsLoader().set("durability", "x".repeat(5000))))
                .isEqualTo("setting durability = \"" + "x".repeat(200)
                        + "... (5000 characters)\" (builder) must be one of process, power");
    }

    @ParameterizedTest(name = "<{0}>")
    @ValueSource(strings = {"\u001b[31mred", "line\nfeed", "car\rreturn", "nul\0", "bell\u0007", "del\u007f"})
    void controlCharactersDoNotReachTheMessage(String text) {
        SettingsLoader loader = new SettingsLoader().set(text, text).set("durability", text);

        assertThat(fault(loader).lines()).hasSize(2).noneMatch(line -> line.matches(".*\\p{Cntrl}.*"));
    }
}
