package io.turboqueue.cli.support;

import io.turboqueue.config.UnitText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line. */
public final class TimeOption implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        try {
            return UnitText.parseTime(text);
        } catch (IllegalArgumentException | ArithmeticException bad) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time: write a number and a unit, such as 500ms, 20s," + " 5m, 2h or 7d");
        }
    }
}
