package io.turboqueue.config;

import static io.turboqueue.config.ValueKind.choice;
import static io.turboqueue.config.ValueKind.count;
import static io.turboqueue.config.ValueKind.flag;
import static io.turboqueue.config.ValueKind.size;
import static io.turboqueue.config.ValueKind.time;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every setting there is: its key, what it allows, its default. */
public enum Setting {
    BATCH_MAX_MESSAGES("batch.maxMessages", count(1, 1_000_000), "10000"),
    BATCH_MAX_BYTES("batch.maxBytes", size(1L << 10, 1L << 30), "8MiB"),
    BATCH_LINGER("batch.linger", time(Duration.ofMillis(1), Duration.ofDays(1)), "1s"),
    MAX_READY_BATCHES("backpressure.maxReadyBatches", count(1, 1_000_000), "1000"),
    MAX_READY_BYTES("backpressure.maxReadyBytes", size(1L << 10, 1L << 50).orOff(), ValueKind.OFF),
    WHEN_FULL("backpressure.whenFull", choice("block", "fail", "dropOldest", "dropNewest"), "block"),
    BLOCK_TIMEOUT(
            "backpressure.blockTimeout",
            time(Duration.ofMillis(1), Duration.ofDays(365)).orOff(),
            ValueKind.OFF),
    MAX_ATTEMPTS("delivery.maxAttempts", count(1, 1000), "5"),
    RETRY_BACKOFF("delivery.retryBackoff", time(Duration.ZERO, Duration.ofDays(1)), "1s"),
    CHECKPOINT_INTERVAL("delivery.checkpointInterval", time(Duration.ZERO, Duration.ofHours(1)), "1s"),
    MAX_PROCESSING_TIME(
            "delivery.maxProcessingTime",
            time(Duration.ofMillis(100), Duration.ofDays(365)).orOff(),
            ValueKind.OFF),
    MAX_BATCH_MEMORY("delivery.maxBatchMemory", size(1L << 20, 1L << 40), "64MiB"),
    RECOVERY_INTERVAL("delivery.recoveryInterval", time(Duration.ofMillis(100), Duration.ofHours(1)), "5s", true),
    CLOSE_TIMEOUT("close.timeout", time(Duration.ZERO, Duration.ofHours(1)), "10s", true),
    DURABILITY("durability", choice("process", "power"), "process"),
    ENGINE("engine", choice("pages", "jdbc"), "pages"),
    ALLOW_NETWORK("allow.networkFileSystem", flag(), "false", true),
    ALLOW_OTHERS("allow.othersWriting", flag(), "false", true);

    /** How the settings' system properties start. */
    static final String PROPERTY_PREFIX = "turboqueue.";

    /** How the settings' environment variables start. */
    static final String VARIABLE_PREFIX = "TURBOQUEUE_";

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, though not by annotation
    private final ValueKind kind;

    private final String defaultText;
    private final boolean ofSpool;

    Setting(String key, ValueKind kind, String defaultText) {
        this(key, kind, defaultText, false);
    }

    Setting(String key, ValueKind kind, String defaultText, boolean ofSpool) {
        this.key = key;
        this.kind = kind;
        this.defaultText = defaultText;
        this.ofSpool = ofSpool;
    }

    /** Whether it is of the whole spool, so that no queue can set it. */
    public boolean ofSpool() {
        return ofSpool;
    }

    /** The key as in {@code queue.json}, such as {@code batch.maxMessages}. */
    public String key() {
        return key;
    }

    /** What its values are. */
    public ValueKind kind() {
        return kind;
    }

    /** The value's text where nobody set one. */
    public String defaultText() {
        return defaultText;
    }

    /** Such as {@code turboqueue.batch.maxMessages}. */
    public String property() {
        return PROPERTY_PREFIX + key;
    }

    /** Such as {@code TURBOQUEUE_BATCH_MAX_MESSAGES}. */
    public String variable() {
        String words = key.replace('.', '_').replaceAll("([a-z])([A-Z])", "$1_$2");
        return VARIABLE_PREFIX + words.toUpperCase(Locale.ROOT);
    }

    /** The setting with this key. */
    public static Optional<Setting> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }
}
