package io.turboqueue.cli.support;

import io.turboqueue.config.UnitText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes on the command line. */
public final class SizeOption implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        try {
            return UnitText.parseSize(text);
        } catch (IllegalArgumentException | ArithmeticException bad) {
            throw new TypeConversionException(
                    "'" + text + "' is not a size: write a number and a unit, such as 500KiB, 64MiB or 2GiB");
        }
    }
}
