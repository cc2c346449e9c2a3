package io.turboqueue.cli.text;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. Pure functions. */
public final class Units {

    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Units() {}

    /** Such as {@code 1,234,567}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Such as {@code 1 batch} or {@code 1,234 batches}; the noun is an English one. */
    public static String count(long number, String noun) {
        String plural = noun.endsWith("h") ? noun + "es" : noun + "s";
        return count(number) + " " + (number == 1 ? noun : plural);
    }

    /** Such as {@code 1.2 MiB}. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1023.95 && unit < SIZES.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, SIZES[unit]);
    }

    /** The two largest units: {@code 3m 20s}, {@code 2d 4h}, {@code 1.5s}; negative means still to come: {@code in 5m}. */
    public static String age(Duration age) {
        if (age.isNegative()) {
            return "in " + age(age.negated());
        }
        long seconds = age.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1fs", age.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return two(age.toMinutes(), "m", age.toSecondsPart(), "s");
        }
        if (seconds < 86_400) {
            return two(age.toHours(), "h", age.toMinutesPart(), "m");
        }
        return two(age.toDays(), "d", age.toHoursPart(), "h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + " " + small + smallUnit;
    }

    /** Such as {@code 12,300/s}; below ten with a decimal. */
    public static String rate(double perSecond) {
        return perSecond < 10
                ? String.format(Locale.ROOT, "%.1f/s", perSecond)
                : String.format(Locale.ROOT, "%,.0f/s", perSecond);
    }
}
