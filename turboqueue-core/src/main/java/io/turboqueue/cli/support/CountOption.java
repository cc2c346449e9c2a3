package io.turboqueue.cli.support;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Counts on the command line: whole numbers from 0 on. */
public final class CountOption implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new TypeConversionException("'" + text + "' is not a count: write a whole number from 0 on");
        }
        return Long.valueOf(text);
    }
}
