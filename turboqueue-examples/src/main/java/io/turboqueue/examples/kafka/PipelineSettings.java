package io.turboqueue.examples.kafka;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.turboqueue.Durability;
import io.turboqueue.config.JsonSettings;
import io.turboqueue.text.NearestWord;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the pipeline is to do. Immutable.
 *
 * <p>A JSON file, and above it what the command line says. Whatever is wrong is reported together, a line each: the key,
 * the value, where it stands and what is allowed.
 */
final class PipelineSettings {

    private final Map<PipelineSetting, @Nullable Object> values;

    private PipelineSettings(Map<PipelineSetting, @Nullable Object> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * Puts file and command line together.
     *
     * @param file as {@code {"in": {"topic": "flights"}}} or {@code {"in.topic": "flights"}}; null for none
     * @param flags keys with their texts; they win
     * @throws PipelineException naming every fault
     */
    static PipelineSettings load(@Nullable Path file, Map<String, String> flags) throws IOException, PipelineException {
        Loader loader = new Loader();
        if (file != null) {
            loader.file(file);
        }
        flags.forEach((key, text) -> loader.set(key, text, "command line"));
        return loader.load();
    }

    /** The settings as a file that {@link #load} reads; for the processes of the pipeline. */
    void write(Path file) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        values.forEach(
                (setting, value) -> json.put(setting.key(), setting.kind().format(value)));
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        Files.writeString(file, json.toPrettyString());
    }

    String bootstrap() {
        return get(PipelineSetting.BOOTSTRAP, String.class);
    }

    Optional<Path> properties() {
        return optionalText(PipelineSetting.PROPERTIES).map(Path::of);
    }

    String inTopic() {
        return get(PipelineSetting.IN_TOPIC, String.class);
    }

    String inGroup() {
        return get(PipelineSetting.IN_GROUP, String.class);
    }

    /** The name under which the group knows this host's bridges; empty for none. */
    Optional<String> inInstance() {
        return optionalText(PipelineSetting.IN_INSTANCE)
                .map(name -> name.equals(PipelineSetting.AUTO) ? hostName() + "-" + spoolHash() : name);
    }

    Duration inLinger() {
        return get(PipelineSetting.IN_LINGER, Duration.class);
    }

    Path spool() {
        return Path.of(get(PipelineSetting.SPOOL, String.class));
    }

    /** The pipeline's own files in the spool: no queue can have a folder of that name. */
    Path folder() {
        return spool().resolve("_" + queue());
    }

    String queue() {
        return get(PipelineSetting.QUEUE, String.class);
    }

    Durability durability() {
        return text(PipelineSetting.DURABILITY).equals("power") ? Durability.POWER : Durability.PROCESS;
    }

    long batchBytes() {
        return get(PipelineSetting.BATCH_BYTES, Long.class);
    }

    String outTopic() {
        return get(PipelineSetting.OUT_TOPIC, String.class);
    }

    long maxRecordBytes() {
        return get(PipelineSetting.OUT_MAX_RECORD, Long.class);
    }

    boolean transactions() {
        return get(PipelineSetting.TRANSACTIONS, Boolean.class);
    }

    /** Every pipeline on every host needs one of its own, the same after each start. */
    String transactionalId() {
        return optionalText(PipelineSetting.TRANSACTIONAL_ID)
                .orElseGet(() -> String.join("-", queue(), inGroup(), inTopic(), hostName(), spoolHash()));
    }

    /** Tells this host's spools apart. */
    private String spoolHash() {
        return Integer.toHexString(
                spool().toAbsolutePath().normalize().toString().hashCode());
    }

    String ledgerTopic() {
        return optionalText(PipelineSetting.LEDGER_TOPIC).orElseGet(() -> outTopic() + ".ledger");
    }

    /** Where the work's class and what it needs are found besides the pipeline's own class path; may be empty. */
    String workClassPath() {
        return optionalText(PipelineSetting.WORK_CLASS_PATH).orElse("");
    }

    /** How long a call of the work may take; zero for as long as it likes. */
    Duration workTimeout() {
        return get(PipelineSetting.WORK_TIMEOUT, Duration.class);
    }

    Duration workCpu() {
        return get(PipelineSetting.WORK_CPU, Duration.class);
    }

    long heapBytes() {
        return get(PipelineSetting.HEAP, Long.class);
    }

    List<String> jvmFlags() {
        return optionalText(PipelineSetting.JVM_FLAGS)
                .map(flags -> List.of(flags.split("\\s+")))
                .orElse(List.of());
    }

    int number(PipelineSetting setting) {
        return get(setting, Integer.class);
    }

    String text(PipelineSetting setting) {
        return get(setting, String.class);
    }

    private Optional<String> optionalText(PipelineSetting setting) {
        return Optional.ofNullable((String) values.get(setting));
    }

    private <V> V get(PipelineSetting setting, Class<V> type) {
        return Objects.requireNonNull(type.cast(values.get(setting)), setting.key());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /** Collects values and faults. */
    private static final class Loader {

        private final Map<PipelineSetting, @Nullable Object> values = new EnumMap<>(PipelineSetting.class);
        private final List<String> faults = new ArrayList<>();

        void file(Path file) throws IOException {
            if (!Files.exists(file)) {
                faults.add("settings file " + file + " is not there");
                return;
            }
            Map<String, String> found = new LinkedHashMap<>();
            JsonSettings.read(file, found, faults);
            found.forEach((key, text) -> set(key, text, file.toString()));
        }

        void set(String key, String text, String origin) {
            Optional<PipelineSetting> setting = PipelineSetting.of(key);
            if (setting.isEmpty()) {
                faults.add(String.format(
                        "unknown setting %s = \"%s\" (%s); did you mean %s? Known: %s",
                        Printable.of(key),
                        Printable.of(text),
                        origin,
                        NearestWord.to(key, keys()),
                        String.join(", ", keys())));
                return;
            }
            try {
                values.put(setting.get(), setting.get().kind().parse(text));
            } catch (IllegalArgumentException | ArithmeticException bad) {
                faults.add(String.format(
                        "setting %s = \"%s\" (%s) must be %s",
                        key, Printable.of(text), origin, setting.get().kind().allowed()));
            }
        }

        PipelineSettings load() throws PipelineException {
            if (faults.isEmpty()) {
                addDefaults();
            }
            if (faults.isEmpty()) {
                checkTogether();
            }
            if (!faults.isEmpty()) {
                throw new PipelineException(String.join(System.lineSeparator(), faults));
            }
            return new PipelineSettings(values);
        }

        private void addDefaults() {
            for (PipelineSetting setting : PipelineSetting.values()) {
                if (values.containsKey(setting)) {
                    continue;
                }
                if (setting.defaultText().isPresent()) {
                    values.put(
                            setting, setting.kind().parse(setting.defaultText().get()));
                } else {
                    faults.add("setting " + setting.key() + " must be given: "
                            + setting.kind().allowed());
                }
            }
        }

        private void checkTogether() {
            PipelineSettings all = new PipelineSettings(values);
            if (all.transactions() && all.number(PipelineSetting.OUT_PROCESSES) > 1) {
                faults.add("setting out.processes = " + all.number(PipelineSetting.OUT_PROCESSES)
                        + " must be 1 with out.transactions: one process alone remembers what is in the topic already");
            }
            if (all.inTopic().equals(all.outTopic())) {
                faults.add("setting out.topic = \"" + all.outTopic() + "\" must be another topic than in.topic");
            }
        }

        private static List<String> keys() {
            return Arrays.stream(PipelineSetting.values())
                    .map(PipelineSetting::key)
                    .toList();
        }
    }
}
