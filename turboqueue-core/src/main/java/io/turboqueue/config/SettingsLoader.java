package io.turboqueue.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the layers together. Add them from the outermost to the nearest; a later one wins. Not thread-safe.
 *
 * <p>Faults are collected over all layers and reported by {@link #load} together.
 */
public final class SettingsLoader {

    private static final String PROPERTY_PREFIX = "turboqueue.";
    private static final String VARIABLE_PREFIX = "TURBOQUEUE_";

    /** Variables of the command line, which are no settings. */
    private static final Set<String> OTHER_VARIABLES = Set.of("TURBOQUEUE_SPOOL", "TURBOQUEUE_OPTS");

    private final Map<Setting, Settings.Resolved> values = new EnumMap<>(Setting.class);
    private final List<String> faults = new ArrayList<>();

    /** Starts from the defaults. */
    public SettingsLoader() {
        for (Setting setting : Setting.values()) {
            values.put(setting, new Settings.Resolved(setting.kind().parse(setting.defaultText()), Settings.DEFAULT));
        }
    }

    /** A JSON file of settings, {@code {"batch": {"linger": "1s"}}} or {@code {"batch.linger": "1s"}}; none is fine. */
    public SettingsLoader file(Path file) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        JsonSettings.read(file, found, faults);
        found.forEach((key, text) -> set(key, text, file.toString()));
        return this;
    }

    /** Environment variables {@code TURBOQUEUE_*}; others are not looked at. */
    public SettingsLoader environment(Map<String, String> environment) {
        Map<String, Setting> names = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            names.put(setting.variable(), setting);
        }
        environment.forEach((name, text) -> {
            if (name.startsWith(VARIABLE_PREFIX) && !OTHER_VARIABLES.contains(name)) {
                put(Optional.ofNullable(names.get(name)), name, text, "environment " + name, names.keySet());
            }
        });
        return this;
    }

    /** System properties {@code turboqueue.*}; others are not looked at. */
    public SettingsLoader properties(Map<String, String> properties) {
        properties.forEach((name, text) -> {
            if (name.startsWith(PROPERTY_PREFIX)) {
                set(name.substring(PROPERTY_PREFIX.length()), text, "system property " + name);
            }
        });
        return this;
    }

    /** The keys that another set of settings does not hold by default, with their values and origins. */
    public SettingsLoader overrides(Settings nearer) {
        nearer.all().forEach((setting, resolved) -> {
            if (!resolved.origin().equals(Settings.DEFAULT)) {
                values.put(setting, resolved);
            }
        });
        return this;
    }

    /** One key by its text. */
    public SettingsLoader set(String key, String text, String origin) {
        Map<String, Setting> keys = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            keys.put(setting.key(), setting);
        }
        put(Setting.of(key), key, text, origin, keys.keySet());
        return this;
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
        return new Settings(values);
    }

    private void put(Optional<Setting> setting, String key, String text, String origin, Set<String> known) {
        if (setting.isEmpty()) {
            faults.add(String.format(
                    "unknown setting %s = \"%s\" (%s); did you mean %s? Known: %s",
                    Printable.of(key),
                    Printable.of(text),
                    origin,
                    NearestWord.to(key, known),
                    String.join(", ", known)));
            return;
        }
        ValueKind kind = setting.get().kind();
        try {
            values.put(setting.get(), new Settings.Resolved(kind.parse(text), origin));
        } catch (IllegalArgumentException | ArithmeticException bad) {
            faults.add(String.format(
                    "setting %s = \"%s\" (%s) must be %s",
                    setting.get().key(), Printable.of(text), origin, kind.allowed()));
        }
    }
}
