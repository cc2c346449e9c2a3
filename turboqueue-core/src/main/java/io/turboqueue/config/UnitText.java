package io.turboqueue.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write them: {@code 8MiB}, {@code 1.5s}. Pure functions. */
public final class UnitText {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");

    /** Largest first, so that formatting finds the largest unit that divides. */
    private static final Map<String, Long> NANOS = new LinkedHashMap<>();

    private static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE);

    private static final Map<String, Long> BYTES = new LinkedHashMap<>();

    static {
        NANOS.put("d", 86_400_000_000_000L);
        NANOS.put("h", 3_600_000_000_000L);
        NANOS.put("m", 60_000_000_000L);
        NANOS.put("s", 1_000_000_000L);
        NANOS.put("ms", 1_000_000L);
        NANOS.put("us", 1_000L);
        NANOS.put("ns", 1L);
        BYTES.put("TiB", 1L << 40);
        BYTES.put("GiB", 1L << 30);
        BYTES.put("MiB", 1L << 20);
        BYTES.put("KiB", 1L << 10);
        BYTES.put("B", 1L);
    }

    private UnitText() {}

    /** A time with its unit, {@code ns us ms s m h d}; {@code 0} needs none. */
    public static Duration parseTime(String text) {
        return Duration.ofNanos(parse(text, NANOS));
    }

    /** A size in bytes: {@code B KiB MiB GiB TiB} in any case, also written {@code K KB M MB G GB T TB}; all are powers of 1024. */
    public static long parseSize(String text) {
        return parse(text, BYTES);
    }

    /** The shortest text that {@link #parseTime} gives back; of more than 292 years, text that it refuses. */
    public static String formatTime(Duration time) {
        boolean countable = time.abs().compareTo(MAX) <= 0;
        return countable ? format(time.toNanos(), NANOS, "s") : time.toString();
    }

    /** The shortest text that {@link #parseSize} gives back. */
    public static String formatSize(long bytes) {
        return format(bytes, BYTES, "B");
    }

    private static String format(long value, Map<String, Long> units, String zeroUnit) {
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (value != 0 && value % unit.getValue() == 0) {
                return value / unit.getValue() + unit.getKey();
            }
        }
        return value + zeroUnit;
    }

    private static long parse(String text, Map<String, Long> units) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a number with a unit");
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        return number.multiply(BigDecimal.valueOf(unit(matcher.group(2), number, units)))
                .toBigInteger()
                .longValueExact();
    }

    private static long unit(String name, BigDecimal number, Map<String, Long> units) {
        if (name.isEmpty() && (units == BYTES || number.signum() == 0)) {
            return 1;
        }
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (matches(name, unit.getKey(), units == BYTES)) {
                return unit.getValue();
            }
        }
        throw new IllegalArgumentException("unknown unit '" + name + "'");
    }

    private static boolean matches(String name, String unit, boolean size) {
        if (!size) {
            return name.equals(unit);
        }
        if (unit.length() == 1) {
            return name.equalsIgnoreCase(unit);
        }
        String letter = unit.substring(0, 1);
        return name.equalsIgnoreCase(unit) || name.equalsIgnoreCase(letter) || name.equalsIgnoreCase(letter + "B");
    }
}
