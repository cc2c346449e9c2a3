package io.turboqueue.batch;

/**
 * The integers of variable length in SQLite's cells and records: seven bits a byte, the high ones first, and all eight bits
 * of a ninth byte (<a href="https://www.sqlite.org/fileformat2.html#varint">format document, section 1.6</a>).
 */
public final class Varint {

    /** What {@link #end} answers when there is no number that a batch could hold. */
    public static final int NONE = -1;

    private static final int MAX = 6; // 42 bits: more than any length, row id or type code in a batch

    private Varint() {}

    /** Bytes that a number takes; it must not be negative, and less than 2^56. */
    public static int length(long value) {
        if (value < 1 << 14) {
            return value < 1 << 7 ? 1 : 2;
        }
        int length = 1;
        for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    /** Writes a number, not negative and less than 2^56; returns where it ends. */
    public static int put(byte[] target, int at, long value) {
        if (value < 1 << 7) {
            target[at] = (byte) value;
            return at + 1;
        }
        if (value < 1 << 14) {
            target[at] = (byte) (value >>> 7 | 0x80);
            target[at + 1] = (byte) (value & 0x7f);
            return at + 2;
        }
        int end = at + length(value);
        target[end - 1] = (byte) (value & 0x7f);
        long rest = value >>> 7;
        for (int i = end - 2; i >= at; i--) {
            target[i] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        return end;
    }

    /**
     * Where the number that begins here ends. Apart from {@link #value}, so that a processor need not know the number to
     * look at what comes after it.
     *
     * @param limit where the bytes end that may be read
     * @return {@link #NONE} if it does not end before the limit, or is longer than any that a batch needs
     */
    public static int end(byte[] source, int at, int limit) {
        if (at < limit && source[at] >= 0) {
            return at + 1;
        }
        if (at + 1 < limit && source[at + 1] >= 0) { // most are of one byte or two, for which a loop is expensive
            return at + 2;
        }
        int last = Math.min(limit, at + MAX);
        for (int i = at + 2; i < last; i++) {
            if (source[i] >= 0) {
                return i + 1;
            }
        }
        return NONE;
    }

    /** The number between two places, the second as {@link #end} says. */
    public static long value(byte[] source, int at, int end) {
        if (end == at + 1) {
            return source[at];
        }
        if (end == at + 2) {
            return (source[at] & 0x7fL) << 7 | source[at + 1];
        }
        long value = 0;
        for (int i = at; i < end; i++) {
            value = value << 7 | (source[i] & 0x7f);
        }
        return value;
    }
}
