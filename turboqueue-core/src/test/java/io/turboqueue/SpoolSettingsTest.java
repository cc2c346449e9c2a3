package io.turboqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a queue's settings come from, and what happens to wrong ones. */
class SpoolSettingsTest {

    private static final String KEY = "batch.maxMessages";

    @TempDir
    Path temp;

    private Path folder;
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void openOnce() throws Exception {
        folder = temp.resolve("spool");
        Spool.open(folder).close();
    }

    private void spoolFile(String json) throws IOException {
        Files.writeString(folder.resolve("turboqueue.json"), json);
    }

    private void queueFile(String json) throws IOException {
        Files.createDirectories(folder.resolve("q"));
        Files.writeString(folder.resolve("q/queue.json"), json);
    }

    private Spool open(QueueConfig code) throws IOException {
        return Spool.builder(folder)
                .config(code)
                .environment(properties, variables)
                .open();
    }

    private QueueConfig resolved() throws IOException {
        try (Spool spool = open(QueueConfig.builder().build())) {
            return spool.queue("q").config();
        }
    }

    private void assertResolved(QueueConfig config, int value, String origin) {
        assertThat(config.batchMaxMessages()).isEqualTo(value);
        assertThat(config.origin(KEY)).isEqualTo(origin);
        assertThat(config.entries()).contains(new ConfigEntry(KEY, Integer.toString(value), origin));
    }

    /** Another queue is used first, and so what the dead left is cleared before this one is. */
    @Test
    void attemptsAllowedInCodeCountFromWhenTheQueueIsNamed() throws Exception {
        Path owner = Files.createDirectory(folder.resolve("owners/left-1-x-x-x.x.x.x-deaddeaddeaddead"));
        Files.createFile(owner.resolve("claimed~00000001~q~5-20261121T155801123Z-x9k2m4q7d3w5a-0000002a.a4.f4.db"));

        try (Spool spool = open(QueueConfig.builder().build())) {
            spool.queue(
                    "q", Codecs.bytes(), QueueConfig.builder().maxAttempts(6).build());
            spool.queue("other").consumer();
            await().until(() -> Files.notExists(owner));
        }

        assertThat(folder.resolve("q/ready/5-20261121T155801123Z-x9k2m4q7d3w5a-0000002a.a5.f5.x0.db"))
                .exists();
    }

    @Test
    void theDefaultsAreThoseDocumented() throws Exception {
        QueueConfig config = resolved();
        assertThat(config.batchMaxMessages()).isEqualTo(10_000);
        assertThat(config.batchMaxBytes()).isEqualTo(8 << 20);
        assertThat(config.batchLinger()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.maxReadyBatches()).isEqualTo(1000);
        assertThat(config.maxReadyBytes()).isEqualTo(OptionalLong.empty());
        assertThat(config.whenFull()).isEqualTo(OverflowPolicy.BLOCK);
        assertThat(config.blockTimeout()).isEqualTo(Optional.empty());
        assertThat(config.maxAttempts()).isEqualTo(5);
        assertThat(config.retryBackoff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.maxProcessingTime()).isEqualTo(Optional.empty());
        assertThat(config.durability()).isEqualTo(Durability.PROCESS);
        assertThat(config.entries()).allMatch(entry -> entry.origin().equals("default"));
    }

    @Test
    void eachLayerWinsOverTheOnesFartherFromTheCode() throws Exception {
        assertResolved(resolved(), 10_000, "default");

        spoolFile("{\"batch\": {\"maxMessages\": 1}}");
        assertResolved(
                resolved(), 1, folder.toRealPath().resolve("turboqueue.json").toString());

        queueFile("{\"batch.maxMessages\": \"2\"}");
        assertResolved(
                resolved(), 2, folder.toRealPath().resolve("q/queue.json").toString());

        variables.put("TURBOQUEUE_BATCH_MAX_MESSAGES", "3");
        assertResolved(resolved(), 3, "environment TURBOQUEUE_BATCH_MAX_MESSAGES");

        properties.put("turboqueue.batch.maxMessages", "4");
        assertResolved(resolved(), 4, "system property turboqueue.batch.maxMessages");

        QueueConfig ofSpool = QueueConfig.builder().batchMaxMessages(5).build();
        try (Spool spool = open(ofSpool)) {
            assertResolved(spool.queue("q").config(), 5, "builder");
            QueueConfig ofQueue = QueueConfig.builder().batchMaxMessages(6).build();
            assertResolved(spool.queue("q", Codecs.bytes(), ofQueue).config(), 6, "builder");
        }
    }

    @Test
    void aQueuesFileIsForThatQueueOnly() throws Exception {
        queueFile("{\"batch\": {\"maxMessages\": 7}}");
        try (Spool spool = open(QueueConfig.builder().build())) {
            assertThat(spool.queue("q").config().batchMaxMessages()).isEqualTo(7);
            assertThat(spool.queue("other").config().batchMaxMessages()).isEqualTo(10_000);
        }
    }

    @Test
    void onlyWhatABuilderSetsOverridesFiles() throws Exception {
        queueFile("{\"batch\": {\"linger\": \"7s\"}, \"delivery\": {\"maxAttempts\": 7}}");
        try (Spool spool = open(QueueConfig.builder().maxAttempts(9).build())) {
            QueueConfig config = spool.queue("q").config();
            assertThat(config.batchLinger()).isEqualTo(Duration.ofSeconds(7));
            assertThat(config.maxAttempts()).isEqualTo(9);
        }
    }

    @Test
    void aBuilderMaySetAValueBackToItsDefault() throws Exception {
        queueFile("{\"batch\": {\"maxMessages\": 7}}");
        try (Spool spool = open(QueueConfig.builder().batchMaxMessages(10_000).build())) {
            assertResolved(spool.queue("q").config(), 10_000, "builder");
        }
    }

    @Test
    void everySettingOfTheBuilderIsInForce() {
        QueueConfig config = QueueConfig.builder()
                .batchMaxMessages(11)
                .batchMaxBytes(12 << 10)
                .batchLinger(Duration.ofMillis(13))
                .maxReadyBatches(14)
                .maxReadyBytes(15 << 10)
                .whenFull(OverflowPolicy.DROP_OLDEST)
                .blockTimeout(Duration.ofSeconds(16))
                .maxAttempts(17)
                .retryBackoff(Duration.ofSeconds(18))
                .maxProcessingTime(Duration.ofSeconds(19))
                .recoveryInterval(Duration.ofSeconds(20))
                .checkpointInterval(Duration.ofSeconds(21))
                .closeTimeout(Duration.ofSeconds(22))
                .durability(Durability.POWER)
                .engine(Engine.JDBC)
                .build();

        assertThat(config.batchMaxMessages()).isEqualTo(11);
        assertThat(config.batchMaxBytes()).isEqualTo(12 << 10);
        assertThat(config.batchLinger()).isEqualTo(Duration.ofMillis(13));
        assertThat(config.maxReadyBatches()).isEqualTo(14);
        assertThat(config.maxReadyBytes()).isEqualTo(OptionalLong.of(15 << 10));
        assertThat(config.whenFull()).isEqualTo(OverflowPolicy.DROP_OLDEST);
        assertThat(config.blockTimeout()).contains(Duration.ofSeconds(16));
        assertThat(config.maxAttempts()).isEqualTo(17);
        assertThat(config.retryBackoff()).isEqualTo(Duration.ofSeconds(18));
        assertThat(config.maxProcessingTime()).contains(Duration.ofSeconds(19));
        assertThat(config.recoveryInterval()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(21));
        assertThat(config.closeTimeout()).isEqualTo(Duration.ofSeconds(22));
        assertThat(config.durability()).isEqualTo(Durability.POWER);
        assertThat(config.engine()).isEqualTo(Engine.JDBC);
        assertThat(config.toString()).contains("backpressure.whenFull", "dropOldest");
    }

    @Test
    void eachConstantHasItsWord() {
        for (OverflowPolicy policy : OverflowPolicy.values()) {
            assertThat(QueueConfig.builder().whenFull(policy).build().whenFull())
                    .isEqualTo(policy);
        }
        for (Durability durability : Durability.values()) {
            assertThat(QueueConfig.builder().durability(durability).build().durability())
                    .isEqualTo(durability);
        }
        for (Engine engine : Engine.values()) {
            assertThat(QueueConfig.builder().engine(engine).build().engine()).isEqualTo(engine);
        }
    }

    @Test
    void anUnknownKeyInAQueuesFileIsAnErrorOfThatQueueThatSaysWhatWasMeant() throws Exception {
        queueFile("{\"batch\": {\"maxMesages\": 5}}");
        try (Spool spool = open(QueueConfig.builder().build())) {
            assertThatThrownBy(() -> spool.queue("q"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("unknown setting batch.maxMesages = \"5\"")
                    .hasMessageContaining(
                            folder.toRealPath().resolve("q/queue.json").toString())
                    .hasMessageContaining("did you mean batch.maxMessages?");
            assertThat(spool.queue("other").name()).isEqualTo("other");
        }
    }

    @Test
    void anUnknownKeyForAllQueuesIsAnErrorOfTheSpool() throws Exception {
        spoolFile("{\"durabilty\": \"power\"}");
        assertThatThrownBy(this::resolved)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown setting durabilty = \"power\"")
                .hasMessageContaining("did you mean durability?");
    }

    @Test
    void anUnknownPropertyIsOneWarningPerSpool() throws Exception {
        properties.put("turboqueue.batch.lingers", "1s");
        try (LogLines log = LogLines.start();
                Spool spool = open(QueueConfig.builder().build())) {
            assertThat(spool.queue("q").config().batchLinger()).isEqualTo(Duration.ofSeconds(1));
            spool.queue("other");
            assertThat(log.with("turboqueue.batch.lingers"))
                    .singleElement()
                    .asString()
                    .contains("WARN")
                    .contains("did you mean turboqueue.batch.linger?");
        }
    }

    @Test
    void unknownVariablesAreErrorsToo() {
        variables.put("TURBOQUEUE_DELIVERY_MAX_ATTEMPT", "3");
        assertThatThrownBy(this::resolved)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TURBOQUEUE_DELIVERY_MAX_ATTEMPT")
                .hasMessageContaining("did you mean TURBOQUEUE_DELIVERY_MAX_ATTEMPTS?");
    }

    @Test
    void aValueOutOfRangeIsAnErrorThatNamesKeyValueOriginAndWhatIsAllowed() throws Exception {
        queueFile("{\"batch\": {\"maxMessages\": 0}}");
        try (Spool spool = open(QueueConfig.builder().build())) {
            assertThatThrownBy(() -> spool.queue("q"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("setting batch.maxMessages = \"0\" ("
                            + folder.toRealPath().resolve("q/queue.json")
                            + ") must be a whole number from 1 to 1000000");
        }
    }

    @Test
    void aFaultHiddenByANearerLayerIsStillReported() throws Exception {
        queueFile("{\"batch\": {\"maxMessages\": \"many\"}}");
        try (Spool spool = open(QueueConfig.builder().batchMaxMessages(5).build())) {
            assertThatThrownBy(() -> spool.queue("q"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("batch.maxMessages = \"many\"");
        }
    }

    @Test
    void wrongValuesOfABuilderAreReportedTogetherAtBuild() {
        QueueConfig.Builder builder = QueueConfig.builder()
                .batchMaxMessages(-1)
                .batchMaxBytes(-5)
                .batchLinger(Duration.ZERO)
                .maxAttempts(1001)
                .set("engine", "steam");
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch.maxMessages = \"-1\"")
                .hasMessageContaining("batch.maxBytes = \"-5B\"")
                .hasMessageContaining("batch.linger = \"0s\"")
                .hasMessageContaining("delivery.maxAttempts = \"1001\" (builder) must be a whole number from 1 to 1000")
                .hasMessageContaining("engine = \"steam\"");
    }

    @Test
    void aTimeBeyondAllBoundsIsReportedLikeAnyOther() {
        assertThatThrownBy(() -> QueueConfig.builder()
                        .batchLinger(ChronoUnit.FOREVER.getDuration())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch.linger");
        assertThatThrownBy(() ->
                        QueueConfig.builder().batchLinger(Duration.ofDays(-1)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch.linger");
    }

    @Test
    void theOriginOfAnUnknownKeyIsAnError() {
        assertThatThrownBy(() -> QueueConfig.builder().build().origin("batch.size"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no setting \"batch.size\"");
    }

    @Test
    void otherPropertiesAndVariablesAreNotLookedAt() throws Exception {
        properties.put("user.name", "somebody");
        variables.put("PATH", "/bin");
        variables.put("TURBOQUEUE_SPOOL", "/var/spool/turboqueue");
        assertThat(resolved().entries()).allMatch(entry -> entry.origin().equals("default"));
    }

    @Test
    void settingsAreReadWhenTheQueueIsOpened() throws Exception {
        try (Spool spool = open(QueueConfig.builder().build())) {
            TurboQueue<byte[]> before = spool.queue("q");
            queueFile("{\"batch\": {\"maxMessages\": 7}}");
            assertThat(before.config().batchMaxMessages()).isEqualTo(10_000);
            assertThat(spool.queue("q").config().batchMaxMessages()).isEqualTo(7);
        }
    }

    @Test
    void settingsFilesAreNoQueuesAndNoForeignFiles() throws Exception {
        spoolFile("{}");
        queueFile("{}");
        try (Spool spool = open(QueueConfig.builder().build())) {
            assertThat(spool.queues()).isEqualTo(List.of("q"));
            assertThat(spool.queue("q").inspector().stats().foreign()).isZero();
        }
    }

    @Test
    void aSettingsFileThatBreaksWhileTheSpoolIsOpenLeavesNoOwnerBehind() throws Exception {
        try (Spool spool = open(QueueConfig.builder().build())) {
            TurboQueue<byte[]> queue = spool.queue("q");
            spoolFile("{ broken");
            assertThatThrownBy(queue::producer)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("turboqueue.json is not valid JSON");
            assertThat(new SpoolOnDisk(spool.folder()).owners()).isEmpty();
        }
        assertThat(new SpoolOnDisk(folder).owners()).isEmpty();
    }

    @Test
    void whatIsOfTheSpoolCannotBeSetForOneQueue() throws Exception {
        queueFile("{\"delivery\": {\"recoveryInterval\": \"1s\"}}");
        try (Spool spool = open(QueueConfig.builder().build())) {
            assertThatThrownBy(() -> spool.queue("q"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("setting delivery.recoveryInterval ("
                            + folder.toRealPath().resolve("q/queue.json")
                            + ") is of the whole spool: set it in the spool's turboqueue.json");
            QueueConfig wrong = QueueConfig.builder()
                    .recoveryInterval(Duration.ofSeconds(1))
                    .build();
            assertThatThrownBy(() -> spool.queue("other", Codecs.bytes(), wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("setting delivery.recoveryInterval (builder) is of the whole spool");
        }
    }
}
