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
 * A queue's settings, each with its origin. Immutable.
 *
 * <p>A setting may be set in several places. The first of these that sets it wins: builder, system property
 * {@code turboqueue.KEY}, environment variable {@code TURBOQUEUE_KEY}, {@code queue.json} in the queue's folder,
 * {@code turboqueue.json} in the spool, default. A builder overrides only what it sets explicitly.
 */
public final class QueueConfig {

    /** Messages without content take up to seven times as much memory as they count for {@code batch.maxBytes}. */
    private static final long BATCHES_TO_BE_READ = 8;

    private final Settings settings;
    private final OverflowPolicy whenFull;
    private final Durability durability;
    private final Engine engine;

    QueueConfig(Settings settings) {
        this.settings = settings;
        this.whenFull = constant(OverflowPolicy.class, settings.text(Setting.WHEN_FULL));
        this.durability = constant(Durability.class, settings.text(Setting.DURABILITY));
        this.engine = constant(Engine.class, settings.text(Setting.ENGINE));
    }

    /**
     * A builder that does not set anything yet.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The number of messages at which a batch is published. A larger one gives more throughput, a smaller one less
     * delay.
     *
     * @return from 1 to 1000000; the default is 10000
     */
    public int batchMaxMessages() {
        return settings.get(Setting.BATCH_MAX_MESSAGES, Integer.class);
    }

    /**
     * The size at which a batch is published. It is also the limit for a single message, and about the memory that a
     * producer or a claimed batch takes.
     *
     * @return bytes, from 1 KiB to 1 GiB; the default is 8 MiB
     */
    public long batchMaxBytes() {
        return settings.get(Setting.BATCH_MAX_BYTES, Long.class);
    }

    /**
     * How long the first message of a batch waits for the batch to fill before it is published.
     *
     * @return from 1 ms to a day; the default is 1 s
     */
    public Duration batchLinger() {
        return settings.get(Setting.BATCH_LINGER, Duration.class);
    }

    /**
     * The number of ready batches at which the queue is full. Producers that publish at the same time may exceed it by
     * one batch each.
     *
     * @return from 1 to 1000000; the default is 1000
     */
    public int maxReadyBatches() {
        return settings.get(Setting.MAX_READY_BATCHES, Integer.class);
    }

    /**
     * The size of all ready batches at which the queue is full.
     *
     * @return bytes, from 1 KiB to 1 PiB; empty if there is no such limit, which is the default
     */
    public OptionalLong maxReadyBytes() {
        Long bytes = settings.optional(Setting.MAX_READY_BYTES, Long.class);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /**
     * What a producer does when the queue is full.
     *
     * @return the policy; the default is {@link OverflowPolicy#BLOCK}
     */
    public OverflowPolicy whenFull() {
        return whenFull;
    }

    /**
     * How long a producer waits for room in a full queue before it throws {@link QueueFullException}.
     *
     * @return from 1 ms to 365 days; empty if it waits without a limit, which is the default
     */
    public Optional<Duration> blockTimeout() {
        return Optional.ofNullable(settings.optional(Setting.BLOCK_TIMEOUT, Duration.class));
    }

    /**
     * The number of failures at which a batch becomes a dead letter, all at one place: a checkpoint that advances it
     * resets their number, see {@link ClaimedBatch#failures}. A message that fails alone becomes one at as many failures
     * of its own.
     *
     * @return from 1 to 1000; the default is 5
     */
    public int maxAttempts() {
        return settings.get(Setting.MAX_ATTEMPTS, Integer.class);
    }

    /**
     * The wait before the first retry. It doubles with each retry, up to an hour or the first wait if that is longer,
     * and varies at random by a fifth.
     *
     * @return from zero to a day; the default is 1 s
     */
    public Duration retryBackoff() {
        return settings.get(Setting.RETRY_BACKOFF, Duration.class);
    }

    /**
     * How often workers record how much of their batch is done. If the process dies, the messages handled since then
     * are handled again.
     *
     * @return from zero, which means after each message, to an hour; the default is 1 s
     */
    public Duration checkpointInterval() {
        return settings.get(Setting.CHECKPOINT_INTERVAL, Duration.class);
    }

    /**
     * The time after which a claim is taken back from a process that is alive. Each checkpoint restarts it.
     *
     * @return from 100 ms to 365 days; empty if claims are never taken back, which is the default
     */
    public Optional<Duration> maxProcessingTime() {
        return Optional.ofNullable(settings.optional(Setting.MAX_PROCESSING_TIME, Duration.class));
    }

    /**
     * About how much memory a claimed batch may take. The limit in force is at least eight times
     * {@link #batchMaxBytes}, so that a consumer can read what a producer with the same settings wrote; and a batch
     * never takes more than half of the heap. A larger batch is left in {@code ready/} for other consumers, with a
     * warning in the log. A larger file of another program goes to {@code dead/} with the reason {@code memory}, or
     * {@code size} if the file is more than four times as large.
     *
     * @return bytes; the setting is from 1 MiB to 1 TiB and the default is 64 MiB
     */
    public long maxBatchMemory() {
        return Math.max(settings.get(Setting.MAX_BATCH_MEMORY, Long.class), BATCHES_TO_BE_READ * batchMaxBytes());
    }

    /**
     * How often a process looks for the owner directories of dead processes. This belongs to the whole spool: a single
     * queue cannot set it.
     *
     * @return from 100 ms to an hour; the default is 5 s
     */
    public Duration recoveryInterval() {
        return settings.get(Setting.RECOVERY_INTERVAL, Duration.class);
    }

    /**
     * How long handlers may run when the spool or their workers are closed, or the JVM ends, before they are
     * interrupted. This belongs to the whole spool: a single queue cannot set it.
     *
     * @return from zero to an hour; the default is 10 s
     */
    public Duration closeTimeout() {
        return settings.get(Setting.CLOSE_TIMEOUT, Duration.class);
    }

    /**
     * What a published batch survives.
     *
     * @return the durability; the default is {@link Durability#PROCESS}
     */
    public Durability durability() {
        return durability;
    }

    /**
     * What writes and reads batch files.
     *
     * @return the engine; the default is {@link Engine#PAGES}
     */
    public Engine engine() {
        return engine;
    }

    boolean allowsNetwork() {
        return settings.get(Setting.ALLOW_NETWORK, Boolean.class);
    }

    boolean allowsOthers() {
        return settings.get(Setting.ALLOW_OTHERS, Boolean.class);
    }

    /**
     * Where a setting's value came from.
     *
     * @param key the setting's key, such as {@code batch.linger}
     * @return the origin in words; see {@link ConfigEntry}
     * @throws IllegalArgumentException if the key is unknown
     */
    public String origin(String key) {
        return settings.resolved(setting(key)).origin();
    }

    /**
     * Every setting with its value and origin.
     *
     * @return an unmodifiable list, always in the same order
     */
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

    /**
     * Sets what should differ from files and defaults. Not thread-safe. {@link #build} checks the values, not the
     * methods that set them; these only refuse null.
     */
    public static final class Builder {

        private final SettingsLoader loader = new SettingsLoader();

        private Builder() {}

        /**
         * Sets {@link QueueConfig#batchMaxMessages}.
         *
         * @param messages from 1 to 1000000
         * @return this builder
         */
        public Builder batchMaxMessages(int messages) {
            return set(Setting.BATCH_MAX_MESSAGES, Integer.toString(messages));
        }

        /**
         * Sets {@link QueueConfig#batchMaxBytes}.
         *
         * @param bytes from 1 KiB to 1 GiB
         * @return this builder
         */
        public Builder batchMaxBytes(long bytes) {
            return set(Setting.BATCH_MAX_BYTES, UnitText.formatSize(bytes));
        }

        /**
         * Sets {@link QueueConfig#batchLinger}.
         *
         * @param linger from 1 ms to a day
         * @return this builder
         */
        public Builder batchLinger(Duration linger) {
            return set(Setting.BATCH_LINGER, UnitText.formatTime(linger));
        }

        /**
         * Sets {@link QueueConfig#maxReadyBatches}.
         *
         * @param batches from 1 to 1000000
         * @return this builder
         */
        public Builder maxReadyBatches(int batches) {
            return set(Setting.MAX_READY_BATCHES, Integer.toString(batches));
        }

        /**
         * Sets {@link QueueConfig#maxReadyBytes}.
         *
         * @param bytes from 1 KiB to 1 PiB
         * @return this builder
         */
        public Builder maxReadyBytes(long bytes) {
            return set(Setting.MAX_READY_BYTES, UnitText.formatSize(bytes));
        }

        /**
         * Sets {@link QueueConfig#whenFull}.
         *
         * @param policy what a producer does when the queue is full
         * @return this builder
         */
        public Builder whenFull(OverflowPolicy policy) {
            return set(Setting.WHEN_FULL, word(policy));
        }

        /**
         * Sets {@link QueueConfig#blockTimeout}.
         *
         * @param timeout from 1 ms to 365 days
         * @return this builder
         */
        public Builder blockTimeout(Duration timeout) {
            return set(Setting.BLOCK_TIMEOUT, UnitText.formatTime(timeout));
        }

        /**
         * Sets {@link QueueConfig#maxAttempts}.
         *
         * @param attempts from 1 to 1000
         * @return this builder
         */
        public Builder maxAttempts(int attempts) {
            return set(Setting.MAX_ATTEMPTS, Integer.toString(attempts));
        }

        /**
         * Sets {@link QueueConfig#retryBackoff}.
         *
         * @param backoff from zero to a day
         * @return this builder
         */
        public Builder retryBackoff(Duration backoff) {
            return set(Setting.RETRY_BACKOFF, UnitText.formatTime(backoff));
        }

        /**
         * Sets {@link QueueConfig#checkpointInterval}.
         *
         * @param interval from zero to an hour
         * @return this builder
         */
        public Builder checkpointInterval(Duration interval) {
            return set(Setting.CHECKPOINT_INTERVAL, UnitText.formatTime(interval));
        }

        /**
         * Sets {@link QueueConfig#maxProcessingTime}.
         *
         * @param time from 100 ms to 365 days
         * @return this builder
         */
        public Builder maxProcessingTime(Duration time) {
            return set(Setting.MAX_PROCESSING_TIME, UnitText.formatTime(time));
        }

        /**
         * Sets {@link QueueConfig#maxBatchMemory}.
         *
         * @param bytes from 1 MiB to 1 TiB
         * @return this builder
         */
        public Builder maxBatchMemory(long bytes) {
            return set(Setting.MAX_BATCH_MEMORY, UnitText.formatSize(bytes));
        }

        /**
         * Sets {@link QueueConfig#recoveryInterval}, for {@link Spool.Builder#config}.
         *
         * @param interval from 100 ms to an hour
         * @return this builder
         */
        public Builder recoveryInterval(Duration interval) {
            return set(Setting.RECOVERY_INTERVAL, UnitText.formatTime(interval));
        }

        /**
         * Sets {@link QueueConfig#closeTimeout}, for {@link Spool.Builder#config}.
         *
         * @param timeout from zero to an hour
         * @return this builder
         */
        public Builder closeTimeout(Duration timeout) {
            return set(Setting.CLOSE_TIMEOUT, UnitText.formatTime(timeout));
        }

        /**
         * Sets {@link QueueConfig#durability}.
         *
         * @param durability what a published batch survives
         * @return this builder
         */
        public Builder durability(Durability durability) {
            return set(Setting.DURABILITY, word(durability));
        }

        /**
         * Sets {@link QueueConfig#engine}.
         *
         * @param engine what writes and reads batch files
         * @return this builder
         */
        public Builder engine(Engine engine) {
            return set(Setting.ENGINE, word(engine));
        }

        /**
         * Sets any setting by its key.
         *
         * @param key the setting's key, such as {@code batch.linger}
         * @param text its value as text, as in {@code queue.json}, such as {@code 1s}
         * @return this builder
         */
        public Builder set(String key, String text) {
            loader.set(key, text);
            return this;
        }

        private Builder set(Setting setting, String text) {
            return set(setting.key(), text);
        }

        /**
         * Builds the settings.
         *
         * @return the settings; the builder may be used again
         * @throws IllegalArgumentException with a line for every key that is unknown and every value that is not
         *     allowed
         */
        public QueueConfig build() {
            return new QueueConfig(loader.load());
        }
    }
}
