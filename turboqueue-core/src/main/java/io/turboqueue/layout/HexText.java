package io.turboqueue.layout;

import java.util.HexFormat;

/** Numbers in file names: hexadecimal, eight digits or as many as it takes. */
final class HexText {

    private static final HexFormat HEX = HexFormat.of();
    private static final int MIN_DIGITS = 8;

    private HexText() {}

    static String of(long number) {
        int needed = (Long.SIZE - Long.numberOfLeadingZeros(number) + 3) / 4;
        return HEX.toHexDigits(number, Math.max(MIN_DIGITS, needed));
    }
}
