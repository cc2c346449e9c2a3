package io.turboqueue.examples.kafka;

import static io.turboqueue.config.ValueKind.choice;
import static io.turboqueue.config.ValueKind.count;
import static io.turboqueue.config.ValueKind.flag;
import static io.turboqueue.config.ValueKind.size;
import static io.turboqueue.config.ValueKind.time;

import io.turboqueue.config.ValueKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every setting of the pipeline: its key, what it allows, its default. One without a default must be given. */
enum PipelineSetting {
    BOOTSTRAP(
            "kafka.bootstrap",
            text("[^\\s,]+:\\d+(\\s*,\\s*[^\\s,]+:\\d+)*", "host:port, or several with commas"),
            null),
    PROPERTIES(
            "kafka.properties", text(".+", "a file of Kafka client properties").orOff(), ValueKind.OFF),

    IN_TOPIC("in.topic", topic(), null),
    IN_GROUP("in.group", text("\\S{1,200}", "a consumer group's name without blanks"), "turboqueue"),
    IN_INSTANCE(
            "in.instance",
            text("\\S{1,200}", "auto, or this host's own name without blanks").orOff(),
            "auto"),
    IN_PROCESSES("in.processes", count(0, 64), "1"),
    IN_LINGER("in.linger", time(Duration.ofMillis(1), Duration.ofMinutes(1)), "200ms"),
    IN_START_AT("in.startAt", choice("earliest", "latest", "none"), "earliest"),
    IN_REJECTED("in.rejected", choice("deadLetter", "stop"), "deadLetter"),

    SPOOL("queue.spool", text(".+", "a folder"), null),
    QUEUE("queue.name", text("[a-z0-9][a-z0-9_-]{0,59}", "1 to 60 of a-z, 0-9, - and _"), "pipeline"),
    DURABILITY("queue.durability", choice("process", "power"), "power"),
    BATCH_MESSAGES("queue.batchMessages", count(1, 1_000_000), "10000"),
    BATCH_BYTES("queue.batchBytes", size(1L << 10, 1L << 30), "8MiB"),
    MAX_READY_BATCHES("queue.maxReadyBatches", count(1, 1_000_000), "100"),
    MAX_ATTEMPTS("queue.maxAttempts", count(1, 1000), "5"),

    WORK_PROCESSES("work.processes", count(1, 256), Integer.toString(cores())),
    WORK_CLASS("work.class", text("[\\w.$]+", "a class that implements EventWork"), FlightEnrichment.class.getName()),
    WORK_CLASS_PATH(
            "work.classPath", text(".+", "jars and folders, as for java -cp").orOff(), ValueKind.OFF),
    WORK_TIMEOUT("work.timeout", time(Duration.ZERO, Duration.ofDays(1)), "0s"),
    WORK_CPU("work.cpu", time(Duration.ZERO, Duration.ofSeconds(1)), "0s"),

    OUT_TOPIC("out.topic", topic(), null),
    OUT_PROCESSES("out.processes", count(1, 64), "1"),
    OUT_MAX_RECORD("out.maxRecordBytes", size(1L << 10, 1L << 30), "8MiB"),
    TRANSACTIONS("out.transactions", flag(), "false"),
    TRANSACTIONAL_ID(
            "out.transactionalId", text("\\S{1,200}", "a name without blanks").orOff(), ValueKind.OFF),
    LEDGER_TOPIC("out.ledgerTopic", topic().orOff(), ValueKind.OFF),

    HEAP("process.heap", size(64L << 20, 1L << 40), "256MiB"),
    JVM_FLAGS(
            "process.jvmFlags",
            text(".+", "flags for the processes' JVMs, with blanks between").orOff(),
            ValueKind.OFF),
    RESTARTS("process.restarts", count(0, 1000), "5");

    /** The value of {@link #IN_INSTANCE} that stands for host and spool. */
    static final String AUTO = "auto";

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, though not by annotation
    private final ValueKind kind;

    private final @Nullable String defaultText;

    PipelineSetting(String key, ValueKind kind, @Nullable String defaultText) {
        this.key = key;
        this.kind = kind;
        this.defaultText = defaultText;
    }

    String key() {
        return key;
    }

    ValueKind kind() {
        return kind;
    }

    /** The value's text where nobody set one; empty if somebody must. */
    Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    static Optional<PipelineSetting> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    private static int cores() {
        return Math.min(256, Runtime.getRuntime().availableProcessors());
    }

    private static ValueKind topic() {
        return text("[A-Za-z0-9._-]{1,249}", "a topic's name: 1 to 249 of A-Z, a-z, 0-9, . _ and -");
    }

    private static ValueKind text(String regex, String allowed) {
        return new Text(Pattern.compile(regex), allowed);
    }

    private static final class Text extends ValueKind {
        private final Pattern pattern;
        private final String allowed;

        Text(Pattern pattern, String allowed) {
            this.pattern = pattern;
            this.allowed = allowed;
        }

        @Override
        public String allowed() {
            return allowed;
        }

        @Override
        public Object parse(String text) {
            String value = text.strip();
            if (!pattern.matcher(value).matches()) {
                throw new IllegalArgumentException("not of that form");
            }
            return value;
        }
    }
}
