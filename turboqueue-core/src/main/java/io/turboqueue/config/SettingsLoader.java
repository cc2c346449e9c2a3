package io.turboqueue.config;

import io.turboqueue.text.NearestWord;
import io.turboqueue.text.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Puts the layers together. Add them from the outermost to the nearest; a later one wins. Not thread-safe.
 *
 * <p>Faults are collected over all layers and reported by {@link #load} together.
 */
public final class SettingsLoader {

    /**
     * Variables that are not settings: those of scripts around the queue, and those that Kubernetes sets in every container
     * for a service that happens to be called turboqueue.
     */
    private static final Pattern OTHER_VARIABLES =
            Pattern.compile("TURBOQUEUE_(SPOOL|OPTS|(\\w+_)?SERVICE_(HOST|PORT\\w*)|(\\w+_)?PORT(_\\d+_\\w+)?)");

    private final Map<Setting, Settings.Resolved> values = new EnumMap<>(Setting.class);
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Starts from the defaults. */
    public SettingsLoader() {
        for (Setting setting : Setting.values()) {
            values.put(
                    setting,
                    new Settings.Resolved(setting.kind().parse(setting.defaultText()), Layer.DEFAULT, "default"));
        }
    }

    /** A JSON file of settings, {@code {"batch": {"linger": "1s"}}} or {@code {"batch.linger": "1s"}}; none is fine. */
    public SettingsLoader file(Path file) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        JsonSettings.read(file, found, faults);
        found.forEach((key, text) -> set(key, text, Layer.SPOOL_FILE, file.toString()));
        return this;
    }

    /** The file of a single queue: the same, without the settings that are of the spool. */
    public SettingsLoader queueFile(Path file) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        JsonSettings.read(file, found, faults);
        found.forEach((key, text) -> {
            refuseIfOfSpool(key, file.toString());
            set(key, text, Layer.QUEUE_FILE, file.toString());
        });
        return this;
    }

    private void refuseIfOfSpool(String key, String origin) {
        if (Setting.of(key).filter(Setting::ofSpool).isPresent()) {
            faults.add("setting " + key + " (" + origin
                    + ") is of the whole spool: set it in the spool's turboqueue.json");
        }
    }

    /** Environment variables {@code TURBOQUEUE_*}; others are not looked at. An empty one counts as unset. */
    public SettingsLoader environment(Map<String, String> environment) {
        Map<String, Setting> names = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            names.put(setting.variable(), setting);
        }
        environment.forEach((name, text) -> {
            if (!text.isEmpty()
                    && name.startsWith(Setting.VARIABLE_PREFIX)
                    && !OTHER_VARIABLES.matcher(name).matches()) {
                put(
                        Optional.ofNullable(names.get(name)),
                        new Given(name, text, Layer.ENVIRONMENT, "environment " + name),
                        names.keySet());
            }
        });
        return this;
    }

    /**
     * System properties {@code turboqueue.*}; others are not looked at. Other programs in the same JVM may use that prefix
     * too, so one that is not a setting is a warning, not a fault.
     */
    public SettingsLoader properties(Map<String, String> properties) {
        properties.forEach((name, text) -> {
            if (name.startsWith(Setting.PROPERTY_PREFIX)) {
                property(name, text);
            }
        });
        return this;
    }

    private void property(String name, String text) {
        String key = name.substring(Setting.PROPERTY_PREFIX.length());
        if (Setting.of(key).isPresent()) {
            set(key, text, Layer.PROPERTY, "system property " + name);
        } else {
            String nearest =
                    Setting.of(NearestWord.to(key, keys())).orElseThrow().property();
            warnings.add("system property " + Printable.of(name)
                    + " is ignored, since there is no such setting; did you mean " + nearest + "?");
        }
    }

    /** The keys that another set of settings does not hold by default, with their values and origins. */
    public SettingsLoader overrides(Settings nearer) {
        nearer.all().forEach((setting, resolved) -> {
            if (resolved.layer() != Layer.DEFAULT) {
                values.put(setting, resolved);
            }
        });
        return this;
    }

    /** The same for a single queue. */
    public SettingsLoader queueOverrides(Settings nearest) {
        nearest.all().forEach((setting, resolved) -> {
            if (resolved.layer() != Layer.DEFAULT) {
                refuseIfOfSpool(setting.key(), resolved.origin());
            }
        });
        return overrides(nearest);
    }

    /** One key by its text, as the builder has it. */
    public SettingsLoader set(String key, String text) {
        return set(key, text, Layer.BUILDER, "builder");
    }

    private SettingsLoader set(String key, String text, Layer layer, String origin) {
        put(Setting.of(key), new Given(key, text, layer, origin), keys());
        return this;
    }

    private static List<String> keys() {
        return Arrays.stream(Setting.values()).map(Setting::key).toList();
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming every fault found in any layer, a line each
     */
    public Settings load() {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), faults));
        }
        return new Settings(values, warnings);
    }

    /** A key and a value as somebody wrote them. */
    private record Given(String key, String text, Layer layer, String origin) {}

    private void put(Optional<Setting> setting, Given given, Collection<String> known) {
        if (setting.isEmpty()) {
            faults.add(String.format(
                    "unknown setting %s = \"%s\" (%s); did you mean %s? Known: %s",
                    Printable.of(given.key),
                    Printable.of(given.text),
                    given.origin,
                    NearestWord.to(given.key, known),
                    String.join(", ", known)));
            return;
        }
        ValueKind kind = setting.get().kind();
        try {
            values.put(setting.get(), new Settings.Resolved(kind.parse(given.text), given.layer, given.origin));
        } catch (IllegalArgumentException | ArithmeticException bad) {
            faults.add(String.format(
                    "setting %s = \"%s\" (%s) must be %s",
                    setting.get().key(), Printable.of(given.text), given.origin, kind.allowed()));
        }
    }
}
