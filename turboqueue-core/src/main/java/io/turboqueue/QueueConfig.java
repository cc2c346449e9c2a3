package io.turboqueue;

import io.turboqueue.config.Setting;
import io.turboqueue.config.Settings;
import io.turboqueue.config.SettingsLoader;
import io.turboqueue.config.UnitText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A queue's settings, each with the place it came from. Immutable.
 *
 * <p>Layers, the nearer to the code wins: builder, system property {@code turboqueue.KEY}, environment
 * {@code TURBOQUEUE_KEY}, {@code queue.json} in the queue's folder, {@code turboqueue.json} in the spool, default. Only
 * what a builder sets explicitly overrides the other layers.
 */
public final class QueueConfig {

    static final String BUILDER = "builder";

    private final Settings settings;

    QueueConfig(Settings settings) {
        this.settings = settings;
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Messages at which a batch is published; default 10000, from 1 to 1000000. Larger is faster, smaller is sooner. */
    public int batchMaxMessages() {
        return settings.get(Setting.BATCH_MAX_MESSAGES, Integer.class);
    }

    /**
     * Bytes at which a batch is published; default 8 MiB, from 1 KiB to 1 GiB. Also the limit for a single message, and
     * about what a producer or a claimed batch takes of memory.
     */
    public long batchMaxBytes() {
        return settings.get(Setting.BATCH_MAX_BYTES, Long.class);
    }

    /** How long a message waits for its batch to fill; default 1 s, from 1 ms to a day. */
    public Duration batchLinger() {
        return settings.get(Setting.BATCH_LINGER, Duration.class);
    }

    /** Ready batches at which the queue is full; default 1000, from 1 to 1000000. May be exceeded by one a producer. */
    public int maxReadyBatches() {
        return settings.get(Setting.MAX_READY_BATCHES, Integer.class);
    }

    /** Ready bytes at which the queue is full; default off, at least 1 KiB. */
    public OptionalLong maxReadyBytes() {
        Long bytes = settings.optional(Setting.MAX_READY_BYTES, Long.class);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /** What a producer does when the queue is full; default block. */
    public WhenFull whenFull() {
        return constant(WhenFull.class, settings.text(Setting.WHEN_FULL));
    }

    /** How long a producer waits for room; default off: as long as it takes. At least 1 ms. */
    public Optional<Duration> blockTimeout() {
        return Optional.ofNullable(settings.optional(Setting.BLOCK_TIMEOUT, Duration.class));
    }

    /** Deliveries before a batch or message becomes a dead letter; default 5, from 1 to 1000. */
    public int maxAttempts() {
        return settings.get(Setting.MAX_ATTEMPTS, Integer.class);
    }

    /** The wait before the first retry; default 1 s, from 0 to a day. It doubles with each retry, with jitter. */
    public Duration retryBackoff() {
        return settings.get(Setting.RETRY_BACKOFF, Duration.class);
    }

    /** After how long a live owner loses its claim; default off: never. At least 100 ms; a checkpoint starts it anew. */
    public Optional<Duration> maxProcessingTime() {
        return Optional.ofNullable(settings.optional(Setting.MAX_PROCESSING_TIME, Duration.class));
    }

    /** How often a process looks for desks of dead ones; default 5 s, from 100 ms to an hour. Kept per spool. */
    public Duration recoveryInterval() {
        return settings.get(Setting.RECOVERY_INTERVAL, Duration.class);
    }

    /** What a published batch survives; default process. */
    public Durability durability() {
        return constant(Durability.class, settings.text(Setting.DURABILITY));
    }

    /** What writes and reads batch files; default pages. */
    public Engine engine() {
        return constant(Engine.class, settings.text(Setting.ENGINE));
    }

    boolean allowsNetwork() {
        return settings.get(Setting.ALLOW_NETWORK, Boolean.class);
    }

    boolean allowsOthers() {
        return settings.get(Setting.ALLOW_OTHERS, Boolean.class);
    }

    /** Where a setting's value came from, in words; see {@link ConfigEntry}. */
    public String origin(String key) {
        return settings.resolved(setting(key)).origin();
    }

    /** Every setting, in a fixed order. */
    public List<ConfigEntry> entries() {
        return settings.all().entrySet().stream()
                .map(entry -> new ConfigEntry(
                        entry.getKey().key(),
                        settings.text(entry.getKey()),
                        entry.getValue().origin()))
                .toList();
    }

    Settings settings() {
        return settings;
    }

    @Override
    public String toString() {
        return entries().toString();
    }

    private static Setting setting(String key) {
        return Setting.of(key).orElseThrow(() -> new IllegalArgumentException("there is no setting \"" + key + "\""));
    }

    /** {@code dropOldest} is {@code DROP_OLDEST}. */
    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT));
    }

    private static String word(Enum<?> constant) {
        String[] parts = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
        StringBuilder word = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            word.append(Character.toUpperCase(parts[i].charAt(0))).append(parts[i], 1, parts[i].length());
        }
        return word.toString();
    }

    /** Sets what should differ from files and defaults. Not thread-safe. */
    public static final class Builder {

        private final SettingsLoader loader = new SettingsLoader();

        private Builder() {}

        /** See {@link QueueConfig#batchMaxMessages}. */
        public Builder batchMaxMessages(int messages) {
            return set(Setting.BATCH_MAX_MESSAGES, Integer.toString(messages));
        }

        /** See {@link QueueConfig#batchMaxBytes}. */
        public Builder batchMaxBytes(long bytes) {
            return set(Setting.BATCH_MAX_BYTES, UnitText.formatSize(bytes));
        }

        /** See {@link QueueConfig#batchLinger}. */
        public Builder batchLinger(Duration linger) {
            return set(Setting.BATCH_LINGER, UnitText.formatTime(linger));
        }

        /** See {@link QueueConfig#maxReadyBatches}. */
        public Builder maxReadyBatches(int batches) {
            return set(Setting.MAX_READY_BATCHES, Integer.toString(batches));
        }

        /** See {@link QueueConfig#maxReadyBytes}. */
        public Builder maxReadyBytes(long bytes) {
            return set(Setting.MAX_READY_BYTES, UnitText.formatSize(bytes));
        }

        /** See {@link QueueConfig#whenFull}. */
        public Builder whenFull(WhenFull policy) {
            return set(Setting.WHEN_FULL, word(policy));
        }

        /** See {@link QueueConfig#blockTimeout}. */
        public Builder blockTimeout(Duration timeout) {
            return set(Setting.BLOCK_TIMEOUT, UnitText.formatTime(timeout));
        }

        /** See {@link QueueConfig#maxAttempts}. */
        public Builder maxAttempts(int attempts) {
            return set(Setting.MAX_ATTEMPTS, Integer.toString(attempts));
        }

        /** See {@link QueueConfig#retryBackoff}. */
        public Builder retryBackoff(Duration backoff) {
            return set(Setting.RETRY_BACKOFF, UnitText.formatTime(backoff));
        }

        /** See {@link QueueConfig#maxProcessingTime}. */
        public Builder maxProcessingTime(Duration time) {
            return set(Setting.MAX_PROCESSING_TIME, UnitText.formatTime(time));
        }

        /** See {@link QueueConfig#recoveryInterval}. */
        public Builder recoveryInterval(Duration interval) {
            return set(Setting.RECOVERY_INTERVAL, UnitText.formatTime(interval));
        }

        /** See {@link QueueConfig#durability}. */
        public Builder durability(Durability durability) {
            return set(Setting.DURABILITY, word(durability));
        }

        /** See {@link QueueConfig#engine}. */
        public Builder engine(Engine engine) {
            return set(Setting.ENGINE, word(engine));
        }

        /** Any setting by its key and text, as in {@code queue.json}. */
        public Builder set(String key, String text) {
            loader.set(key, text, BUILDER);
            return this;
        }

        private Builder set(Setting setting, String text) {
            return set(setting.key(), text);
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException naming every key that is unknown and every value that is not allowed
         */
        public QueueConfig build() {
            return new QueueConfig(loader.load());
        }
    }
}
