package io.turboqueue.config;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value for every setting, each with its origin. Immutable. */
public final class Settings {

    private final Map<Setting, Resolved> values;
    private final List<String> warnings;

    /**
     * A setting's value.
     *
     * @param value null means {@code off}
     * @param layer which layer set it
     * @param origin where it was set, for people: {@code /var/spool/q/queue.json}, {@code environment TURBOQUEUE_ENGINE},
     *     {@code default}, {@code builder}
     */
    public record Resolved(@Nullable Object value, Layer layer, String origin) {}

    Settings(Map<Setting, Resolved> values, List<String> warnings) {
        this.values = Collections.unmodifiableMap(new EnumMap<>(values));
        this.warnings = List.copyOf(warnings);
    }

    /** All settings with their values, in their declared order. */
    public Map<Setting, Resolved> all() {
        return values;
    }

    /** What somebody should look at although the settings are valid, a sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    /** The value and its origin. */
    public Resolved resolved(Setting setting) {
        return Objects.requireNonNull(values.get(setting));
    }

    /** The value's text. */
    public String text(Setting setting) {
        return setting.kind().format(resolved(setting).value());
    }

    /** The value, null for {@code off}. */
    public <V> @Nullable V optional(Setting setting, Class<V> type) {
        return type.cast(resolved(setting).value());
    }

    /** The value of a setting that cannot be off. */
    public <V> V get(Setting setting, Class<V> type) {
        return Objects.requireNonNull(optional(setting, type), setting.key());
    }
}
