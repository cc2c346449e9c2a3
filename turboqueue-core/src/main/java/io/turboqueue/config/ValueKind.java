package io.turboqueue.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a setting's text becomes a value, and what it allows. Values are {@link Integer}, {@link Long} (bytes),
 * {@link Duration}, {@link String} (a choice) and {@link Boolean}; null stands for {@code off}.
 */
public abstract class ValueKind {

    /** The text by which an optional limit is switched off. */
    public static final String OFF = "off";

    /** What is allowed, for error messages: {@code a whole number from 1 to 1000000}. */
    public abstract String allowed();

    /** The text's value, or an {@link IllegalArgumentException}; the caller adds what is allowed. */
    public abstract @Nullable Object parse(String text);

    /** The text of a value, such that {@link #parse} gives it back. */
    public String format(@Nullable Object value) {
        return String.valueOf(value);
    }

    /** The same, or {@code off}, whose value is null. */
    public ValueKind orOff() {
        return new OrOff(this);
    }

    /** Whole numbers, both bounds allowed. */
    public static ValueKind count(int least, int most) {
        return new Count(least, most);
    }

    /** Sizes in bytes, both bounds allowed. */
    public static ValueKind size(long least, long most) {
        return new Size(least, most);
    }

    /** Times, both bounds allowed. */
    public static ValueKind time(Duration least, Duration most) {
        return new Time(least, most);
    }

    /** One of these words, in any case. */
    public static ValueKind choice(String... words) {
        return new Choice(List.of(words));
    }

    /** {@code true} or {@code false}. */
    public static ValueKind flag() {
        return new Flag();
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("out of range");
        }
    }

    private static final class Count extends ValueKind {
        private final int least;
        private final int most;

        Count(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public String allowed() {
            return "a whole number from " + least + " to " + most;
        }

        @Override
        public Object parse(String text) {
            int value = Integer.parseInt(text.strip());
            require(value >= least && value <= most);
            return value;
        }
    }

    private static final class Size extends ValueKind {
        private final long least;
        private final long most;

        Size(long least, long most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public String allowed() {
            return "a size from " + UnitText.formatSize(least) + " to " + UnitText.formatSize(most)
                    + ", such as \"512KiB\" or \"8MiB\"";
        }

        @Override
        public Object parse(String text) {
            long value = UnitText.parseSize(text);
            require(value >= least && value <= most);
            return value;
        }

        @Override
        public String format(@Nullable Object value) {
            return value instanceof Long bytes ? UnitText.formatSize(bytes) : super.format(value);
        }
    }

    private static final class Time extends ValueKind {
        private final Duration least;
        private final Duration most;

        Time(Duration least, Duration most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public String allowed() {
            return "a time from " + UnitText.formatTime(least) + " to " + UnitText.formatTime(most)
                    + ", such as \"500ms\" or \"2m\"";
        }

        @Override
        public Object parse(String text) {
            Duration value = UnitText.parseTime(text);
            require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
            return value;
        }

        @Override
        public String format(@Nullable Object value) {
            return value instanceof Duration time ? UnitText.formatTime(time) : super.format(value);
        }
    }

    private static final class Choice extends ValueKind {
        private final List<String> words;

        Choice(List<String> words) {
            this.words = words;
        }

        @Override
        public String allowed() {
            return words.size() == 1 ? "only " + words.get(0) : "one of " + String.join(", ", words);
        }

        @Override
        public Object parse(String text) {
            return words.stream()
                    .filter(word -> word.equalsIgnoreCase(text.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown word"));
        }
    }

    private static final class Flag extends ValueKind {
        @Override
        public String allowed() {
            return "true or false";
        }

        @Override
        public Object parse(String text) {
            String word = text.strip();
            require(word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false"));
            return Boolean.valueOf(word);
        }
    }

    private static final class OrOff extends ValueKind {
        private final ValueKind inner;

        OrOff(ValueKind inner) {
            this.inner = inner;
        }

        @Override
        public String allowed() {
            return inner.allowed() + ", or \"" + OFF + "\"";
        }

        @Override
        public @Nullable Object parse(String text) {
            return text.strip().equalsIgnoreCase(OFF) ? null : inner.parse(text);
        }

        @Override
        public String format(@Nullable Object value) {
            return value == null ? OFF : inner.format(value);
        }
    }
}
